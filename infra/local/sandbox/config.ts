import { FieldReader, InputError } from './field-reader';

interface ShopAccount {
  readonly shopId: string;
  readonly title: string;
  readonly appKey: string;
  readonly appSecret: string;
  readonly accessToken: string;
}

export interface TaobaoShopConfig extends ShopAccount {
  readonly channel: 'taobao';
}

export interface DoudianShopConfig extends ShopAccount {
  readonly channel: 'doudian';
  /** The shop's number on the platform; travels as `shop_id`. */
  readonly platformShopId: string;
  /** Where messages are posted; they wait while it is missing. */
  readonly pushUrl?: string;
}

export type ShopConfig = TaobaoShopConfig | DoudianShopConfig;

export interface SandboxConfig {
  readonly shops: readonly ShopConfig[];
  /** Gateway calls allowed per app key and second; 0 = no limit. */
  readonly rateLimitPerSecond?: number;
  /** Drives every fault that is left to chance, so that a run can be repeated. */
  readonly seed?: number;
  /** A polled message that is not confirmed for this long is handed out again. */
  readonly redeliverAfterMs?: number;
}

export const DEFAULT_REDELIVER_AFTER_MS = 3_000;

/** Checks a configuration read from outside and reports all its problems at once (InputError). */
export function parseConfig(value: unknown): SandboxConfig {
  const fields = new FieldReader(value, 'config');
  const shops = fields.objects('shops').map(parseShop);
  const rateLimitPerSecond = fields.wholeNumber('rateLimitPerSecond', { min: 0, max: 1_000_000, fallback: 0 });
  const seed = fields.wholeNumber('seed', { min: 0, max: 2 ** 32 - 1, fallback: 1 });
  const redeliverAfterMs = fields.wholeNumber('redeliverAfterMs', {
    min: 1,
    max: 3_600_000,
    fallback: DEFAULT_REDELIVER_AFTER_MS,
  });
  fields.finish();
  checkShops(shops);
  return { shops, rateLimitPerSecond, seed, redeliverAfterMs };
}

function parseShop(fields: FieldReader): ShopConfig {
  const account: ShopAccount = {
    shopId: fields.text('shopId'),
    title: fields.text('title'),
    appKey: fields.text('appKey'),
    appSecret: fields.text('appSecret'),
    accessToken: fields.text('accessToken'),
  };
  if (fields.oneOf('channel', ['taobao', 'doudian'], 'taobao') === 'taobao') return { ...account, channel: 'taobao' };
  const platformShopId = fields.platformId('platformShopId');
  const pushUrl = fields.optionalText('pushUrl');
  if (pushUrl !== undefined) checkPushUrl(pushUrl);
  return { ...account, channel: 'doudian', platformShopId, ...(pushUrl === undefined ? {} : { pushUrl }) };
}

/** Pushes go over plain HTTP: the receiver is on the same machine. */
export function checkPushUrl(pushUrl: string): void {
  if (!URL.canParse(pushUrl) || new URL(pushUrl).protocol !== 'http:')
    throw new InputError('pushUrl must be an http:// address');
}

function checkShops(shops: readonly ShopConfig[]): void {
  const problems: string[] = [];
  const shopIds = new Set<string>();
  const tokens = new Set<string>();
  const secrets = new Map<string, string>();
  for (const shop of shops) {
    if (shopIds.has(shop.shopId)) problems.push(`shop ${shop.shopId} is listed twice`);
    const token = `${shop.channel}/${shop.accessToken}`;
    if (tokens.has(token)) problems.push(`shop ${shop.shopId} shares its access token with another shop`);
    const app = `${shop.channel}/${shop.appKey}`;
    if ((secrets.get(app) ?? shop.appSecret) !== shop.appSecret) problems.push(`app ${shop.appKey} has two secrets`);
    shopIds.add(shop.shopId);
    tokens.add(token);
    secrets.set(app, shop.appSecret);
  }
  if (problems.length > 0) throw new InputError(problems.join('; '));
}
