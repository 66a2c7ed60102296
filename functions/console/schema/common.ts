import * as z from 'zod';
import { isKeyPart } from '../../../shared/domain/kernel/ids';

/** An id that may stand in a key. */
export const Id = z
  .string()
  .refine(isKeyPart, '1 to 80 letters, digits, blanks or _-.:@+*&=,() / 1 到 80 个字符，不能含 # 和 /')
  .meta({ description: '1 to 80 letters, digits, blanks or _-.:@+*&=,()' });

/** Text of people: bounded, trimmed, stored as it is. */
export const Title = z.string().trim().min(1).max(200);

/** The version that the caller has read; 0 for something new. */
export const Version = z.int().min(0).meta({ description: 'version that the caller has read; 0 for something new' });

/** Latest time that JavaScript's Date knows. */
const TIME_MS_MAX = 8_640_000_000_000_000;

/** Epoch ms UTC. */
export const TimeMs = z.int().min(0).max(TIME_MS_MAX).meta({ description: 'epoch ms UTC' });

/** Whole pieces 件. */
export const Pieces = z.int().meta({ description: 'pieces' });

/** Named schemas become references in the document, and a reference beside null needs a union to be true to both. */
export const orNull = <T extends z.ZodType>(schema: T) => z.union([schema, z.null()]);

/** Times as they come in a query. */
const QueryTimeMs = z.coerce.number().int().min(0).max(TIME_MS_MAX);

export const FromMs = QueryTimeMs.optional().meta({ description: 'from this time on (inclusive), epoch ms UTC' });
export const ToMs = QueryTimeMs.optional().meta({ description: 'before this time (exclusive), epoch ms UTC' });

const Limit = z.coerce.number().int().min(1).max(200).default(50).meta({ description: 'rows of a page' });

/** Longest cursor: a sort text and a key, each of some 300 characters of three bytes at most, in base64. */
const After = z
  .string()
  .min(1)
  .max(3_000)
  .optional()
  .meta({ description: 'what the former page gave as next; as opaque as it looks' });

/** A page of a list: rows behind `after`, which the former page gave as `next`. A member that it does not know is refused. */
export const PageQuery = z.strictObject({ after: After, limit: Limit });

/** A page of a list by time. */
export const ListQuery = PageQuery.extend({
  order: z.enum(['newest', 'oldest']).default('newest').meta({ description: 'which rows come first' }),
});

export type ListQuery = z.infer<typeof ListQuery>;

/** One page of rows. */
export function pageOf<T extends z.ZodType>(id: string, row: T) {
  return z
    .object({
      rows: z.array(row),
      next: z.string().nullable().meta({ description: 'where the next page begins; null at the end' }),
      searchedToMs: TimeMs.nullable().meta({
        description: 'set where the filter left out so many rows that the search stopped: it has looked this far',
      }),
    })
    .meta({ id });
}

/** Rows of a list that is always answered whole. */
export function rowsOf<T extends z.ZodType>(id: string, row: T) {
  return z.object({ rows: z.array(row) }).meta({ id });
}

/** Path of a document by its id. */
export const ById = z.strictObject({ id: Id.meta({ description: 'id of the document' }) });

/** Path of one order of a shop. */
export const OrderPath = z.strictObject({
  shopId: Id.meta({ description: 'shop' }),
  orderNo: Id.meta({ description: 'order number of the platform' }),
});

const Actor = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('person'), id: z.string(), name: z.string() }),
    z.object({ kind: z.literal('rule'), id: z.string(), version: z.int() }),
    z.object({ kind: z.literal('timer'), id: z.string() }),
    z.object({ kind: z.literal('platform'), id: z.string() }),
    z.object({ kind: z.literal('system'), id: z.string() }),
  ])
  .meta({ id: 'Actor', description: 'who did it' });

/** One line of an operation log 操作日志 as it is stored, oldest first. */
export const LogLine = z
  .object({
    no: z.int(),
    type: z.string(),
    content: z.string(),
    actor: Actor,
    atMs: TimeMs,
    status: z.string().optional(),
  })
  .meta({ id: 'LogLine', description: 'a line of an operation log 操作日志' });

/** The same as the console shows it: with the user's name and the time as text. */
export const ShownLogLine = LogLine.extend({
  userName: z.string(),
  at: z.string().meta({ description: 'yyyy-MM-dd HH:mm:ss in Asia/Shanghai' }),
}).meta({ id: 'ShownLogLine', description: 'a line of an operation log 操作日志 with its user and time as text' });

export type ShownLogLine = z.infer<typeof ShownLogLine>;

/** The body of every refused request. */
export const ErrorAnswer = z
  .object({
    code: z.string().meta({ description: 'what programs compare; keeps its meaning' }),
    message: z.string().meta({ description: 'for people, Chinese' }),
    messageEn: z.string().meta({ description: 'for people, English' }),
    facts: z.looseObject({}).meta({ description: 'where it went wrong: members differ by code' }),
    requestId: z.string(),
  })
  .meta({ id: 'Error' });

/** Sales platforms 平台 that have an adapter. */
export const ChannelName = z.enum(['taobao', 'doudian']);

/** Keys of a table of texts as an enumeration. */
export const keysOf = <K extends string>(texts: Readonly<Record<K, string>>) =>
  z.enum(Object.keys(texts) as [K, ...K[]]);
