import type { QueryCommandInput } from '@aws-sdk/client-dynamodb';
import type { Range } from '../../ports/store';
import type { Item } from './item';
import { textOf } from './item';

/** A range of sort keys as the API takes it: one condition, of which only `BETWEEN` has two ends, and includes both. */
export interface KeyRange {
  readonly input: Pick<
    QueryCommandInput,
    'KeyConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
  >;
  /** True of an item at the bound that was seen already, where the condition includes it. */
  readonly isSeen?: (item: Item) => boolean;
}

/** Undefined where the range is empty: the API refuses it. */
export function keyRange(
  names: { readonly partition: string; readonly sort: string },
  partition: string,
  { after, upTo, descending = false, limit }: Range,
): KeyRange | undefined {
  if (limit <= 0) return undefined;
  const of = (condition: string | undefined, values: Readonly<Record<string, string>>): KeyRange['input'] => ({
    KeyConditionExpression: `#p = :p${condition === undefined ? '' : ` AND #s ${condition}`}`,
    ExpressionAttributeNames: { '#p': names.partition, ...(condition !== undefined && { '#s': names.sort }) },
    ExpressionAttributeValues: Object.fromEntries(
      Object.entries({ p: partition, ...values }).map(([name, S]) => [`:${name}`, { S }]),
    ),
  });
  // A key is never empty, so that everything is behind an empty text and nothing before it.
  if (descending ? after === '' : upTo === '') return undefined;
  const from = after === '' ? undefined : after;
  const to = upTo === '' ? undefined : upTo;
  if (from === undefined && to === undefined) return { input: of(undefined, {}) };
  if (from === undefined) return { input: of(descending ? '>= :to' : '<= :to', { to: to ?? '' }) };
  if (to === undefined) return { input: of(descending ? '< :from' : '> :from', { from }) };
  const [low, high] = descending ? [to, from] : [from, to];
  if (Buffer.compare(Buffer.from(low), Buffer.from(high)) >= 0) return undefined;
  return {
    input: of('BETWEEN :low AND :high', { low, high }),
    isSeen: (item) => textOf(item, names.sort) === from,
  };
}
