import { shanghaiText } from '../../../../shared/domain/kernel/time';

/** Letters and digits that nobody mistakes for others on the telephone. */
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** An id for a new document: `BL-20261125-1030-7KQ2`. Two people in one minute are told apart by its end. */
export function newId(prefix: string): string {
  const [date = '', time = ''] = shanghaiText(Date.now()).split(' ');
  const end = [...crypto.getRandomValues(new Uint8Array(4))].map((byte) => LETTERS[byte % LETTERS.length]).join('');
  return [prefix, date.replaceAll('-', ''), time.replaceAll(':', '').slice(0, 4), end].join('-');
}
