import { personalTexts, ScannedLog } from '../../support/fuzz-log';
import { PERSONAL, PERSONAL_IN_LATIN1, PERSONAL_PARTS } from '../../support/fuzz-words';

// What scans the logs of the abuse tests finds what it is there for: a scan that finds nothing would pass any log.

const SECRET = 'secret-of-a-shop';
const HARMLESS =
  '{"level":"info","event":"order-stored","orderNo":"6900000000000000001","traceId":"a15912345678bcdef"}';

const logOf = (...lines: readonly string[]): ScannedLog => {
  const log = new ScannedLog();
  for (const line of [HARMLESS, ...lines, HARMLESS]) log.take(line);
  return log;
};

const lineWith = (text: string): string => `{"level":"error","message":"refused: ${text}!"}`;

it.each([
  ['a secret that it is given', SECRET],
  ['a mobile number that nobody told it of', '18612345678'],
  ...[...PERSONAL, ...PERSONAL_PARTS, ...PERSONAL_IN_LATIN1].map((text) => ["a person's text of the fuzzer", text]),
  ["a password's hash", '$scrypt$16384'],
  ["a session's cookie", 'yipan_session=abc'],
  ['a login that is under way', 'yipan_oidc=abc'],
  ['a token against forged requests', 'csrfToken'],
])('finds %s in a line: %s', (_, text) => {
  expect(logOf(lineWith(text)).leaks([SECRET])).toEqual([lineWith(text)]);
});

it('finds none in ids, order numbers and traces that have the digits of a mobile number among others', () => {
  expect(logOf().leaks([SECRET])).toEqual([]);
  expect(logOf(lineWith('639876543210')).leaks([SECRET])).toEqual([]);
});

it('tells what is personal in an order, at any depth, of five characters or more', () => {
  const order = {
    ...{ tid: '6900000000000000001', receiver_name: '诸葛不亮亮', receiver_state: '省', title: '不是个人信息' },
    mask_post_addr: { detail: '卧龙岗一号院', province: { name: '河南' } },
    notes: [{ buyer_message: ['请放门口吧', '短'] }],
  };
  expect(personalTexts(order).sort()).toEqual(['卧龙岗一号院', '诸葛不亮亮', '请放门口吧'].sort());
});

it.each(['{"code":"INTERNAL"}', 'unhandledRejection', 'Uncaught TypeError', '    at run (handler.js:1:1)'])(
  'finds a fault of the code in %s',
  (line) => {
    expect(logOf(line).faults()).toEqual([line]);
    expect(logOf().faults()).toEqual([]);
  },
);

it('knows how long the longest line is', () => {
  expect(logOf('x'.repeat(5_000)).longestChars()).toBe(5_000);
});
