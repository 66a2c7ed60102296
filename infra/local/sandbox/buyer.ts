import { createHash } from 'node:crypto';
import { hash } from './dice';
import type { Order } from './order';

/** The receiver as a platform shows it to the seller: masked text, and one opaque token to compare and merge by. */
export interface Buyer {
  readonly maskedNick: string;
  readonly openId: string;
  readonly maskedName: string;
  readonly maskedMobile: string;
  readonly maskedAddress: string;
  readonly province: string;
  readonly city: string;
  readonly district: string;
  readonly town: string;
  /** equal for the same buyer of the same shop, and for nobody else */
  readonly addressToken: string;
  /** stands for the encrypted originals; nothing can be read back from it */
  readonly cipherName: string;
  readonly cipherMobile: string;
  readonly cipherAddress: string;
}

const PLACES = [
  ['浙江省', '杭州市', '余杭区', '五常街道'],
  ['上海市', '上海市', '浦东新区', '花木街道'],
  ['广东省', '深圳市', '南山区', '粤海街道'],
  ['四川省', '成都市', '武侯区', '桂溪街道'],
  ['北京市', '北京市', '海淀区', '中关村街道'],
] as const;

const SURNAMES = ['王', '李', '张', '刘', '陈', '杨', '赵', '黄'] as const;

/** Everything follows from shop and nick, but for what the order was given: no personal data exists here that could be told. */
export function buyerOf(shopId: string, { buyerNick: nick, receiver }: Pick<Order, 'buyerNick' | 'receiver'>): Buyer {
  const number = hash(`${shopId}/${nick}`);
  const [province, city, district, town] = PLACES[number % PLACES.length] ?? PLACES[0];
  const surname = SURNAMES[(number >>> 8) % SURNAMES.length] ?? SURNAMES[0];
  return {
    maskedNick: `${String.fromCodePoint(nick.codePointAt(0) ?? 0x2a)}**`,
    openId: token(shopId, nick, 'open-id'),
    maskedName: receiver?.name ?? `${surname}**`,
    maskedMobile: receiver?.phone ?? `1${3 + (number % 7)}*******${String((number >>> 4) % 100).padStart(2, '0')}`,
    maskedAddress: receiver?.address ?? `${town}***路***号`,
    province,
    city,
    district,
    town,
    addressToken: token(shopId, nick, 'address'),
    cipherName: `##${token(shopId, nick, 'name')}##`,
    cipherMobile: `$$${token(shopId, nick, 'mobile')}$$`,
    cipherAddress: `##${token(shopId, nick, 'detail')}##`,
  };
}

function token(...parts: string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('base64url');
}
