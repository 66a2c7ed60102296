import * as z from 'zod/mini';
import { AppError } from './errors';

/** A person or a system that may call the API, known by a secret token until the console has its own users. */
const ApiUser = z.object({
  token: z.string().check(z.minLength(16)),
  id: z.string().check(z.minLength(1)),
  name: z.string().check(z.minLength(1)),
  role: z.enum(['viewer', 'operator', 'strategist', 'admin']),
});

const ShopSecret = z.object({
  appKey: z.string().check(z.minLength(1)),
  appSecret: z.string().check(z.minLength(1)),
  accessToken: z.string().check(z.minLength(1)),
});

const Secrets = z.object({ shops: z.record(z.string(), ShopSecret), users: z.array(ApiUser) });

export type Role = z.infer<typeof ApiUser>['role'];
export type ApiUser = z.infer<typeof ApiUser>;

/** All settings. Times are ms. */
export interface Config {
  readonly profile: 'embedded';
  /** SQLite file of the embedded profile. */
  readonly storeFile: string;
  readonly secrets: z.infer<typeof Secrets>;
  readonly taobaoGateway: string;
  readonly doudianGateway: string;
  /** Longest wait for one answer of a platform. */
  readonly channelTimeoutMs: number;
  readonly logLevel: 'info' | 'warn' | 'error';
  /** How far the pull of a shop looks back behind what it has covered: clock and replica lag of the platform. */
  readonly pullOverlapMs: number;
  /** A push of unknown outcome is read again after this time. */
  readonly recheckAfterMs: number;
}

type Source = (name: string) => string | undefined;

/** Every setting: name, default (none where a wrong guess would do harm), and how it is read. */
const SETTINGS = {
  YIPAN_PROFILE: 'embedded',
  YIPAN_STORE_FILE: undefined,
  YIPAN_SECRETS: undefined,
  YIPAN_TAOBAO_GATEWAY: 'https://eco.taobao.com/router/rest',
  YIPAN_DOUDIAN_GATEWAY: 'https://openapi-fxg.jinritemai.com',
  YIPAN_CHANNEL_TIMEOUT_MS: '4000',
  YIPAN_LOG_LEVEL: 'info',
  YIPAN_PULL_OVERLAP_MS: '300000',
  YIPAN_RECHECK_AFTER_MS: '60000',
} as const;

/** Reads and checks all settings at once; throws BAD_SETTINGS naming every problem, never a value. */
export function readConfig(source: Source): Config {
  const problems: string[] = [];
  const text = (name: keyof typeof SETTINGS): string => {
    const value = source(name) || SETTINGS[name];
    if (value === undefined) problems.push(`${name} is not set`);
    return value ?? '';
  };
  const oneOf = <T extends string>(name: keyof typeof SETTINGS, allowed: readonly T[]): T => {
    const value = text(name);
    if (!allowed.includes(value as T)) problems.push(`${name} must be one of ${allowed.join(', ')}`);
    return value as T;
  };
  const wholeNumber = (name: keyof typeof SETTINGS, min: number, max: number): number => {
    const value = Number(text(name));
    if (!Number.isSafeInteger(value) || value < min || value > max)
      problems.push(`${name} must be a whole number from ${min} to ${max}`);
    return value;
  };
  const url = (name: keyof typeof SETTINGS): string => {
    const value = text(name);
    if (!/^https?:\/\//.test(value)) problems.push(`${name} must be an http or https address`);
    return value.replace(/\/$/, '');
  };
  const config: Config = {
    profile: oneOf('YIPAN_PROFILE', ['embedded']),
    storeFile: text('YIPAN_STORE_FILE'),
    secrets: readSecrets(text('YIPAN_SECRETS'), problems),
    taobaoGateway: url('YIPAN_TAOBAO_GATEWAY'),
    doudianGateway: url('YIPAN_DOUDIAN_GATEWAY'),
    channelTimeoutMs: wholeNumber('YIPAN_CHANNEL_TIMEOUT_MS', 100, 60_000),
    logLevel: oneOf('YIPAN_LOG_LEVEL', ['info', 'warn', 'error']),
    pullOverlapMs: wholeNumber('YIPAN_PULL_OVERLAP_MS', 0, 86_400_000),
    recheckAfterMs: wholeNumber('YIPAN_RECHECK_AFTER_MS', 100, 86_400_000),
  };
  if (problems.length > 0) throw new AppError('BAD_SETTINGS', { problems });
  return Object.freeze(config);
}

function readSecrets(text: string, problems: string[]): Config['secrets'] {
  const nothing = { shops: {}, users: [] };
  if (text === '') return nothing;
  const parsed = z.safeParse(Secrets, jsonOrUndefined(text));
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues.map((issue) => issue.path.join('.')).filter(Boolean);
  problems.push(`YIPAN_SECRETS is not of its shape (${where.join(', ') || 'it is not a JSON object'})`);
  return nothing;
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** FunctionGraph hands settings to event functions through the context only; Lambda and one machine by environment. */
interface FunctionGraphContext {
  getUserData(name: string): string | undefined;
}

let known: Config | undefined;

/** The settings of this instance, read on the first call and kept. */
export function configOf(context: unknown): Config {
  known ??= readConfig(isFunctionGraph(context) ? (name) => context.getUserData(name) : (name) => process.env[name]);
  return known;
}

function isFunctionGraph(context: unknown): context is FunctionGraphContext {
  return (
    typeof context === 'object' &&
    context !== null &&
    'getUserData' in context &&
    typeof context.getUserData === 'function'
  );
}
