import { AppError } from '../../../shared/errors';
import { logFailure } from '../../../shared/platform/log-failure';
import { ListLog } from '../../support/list-log';

const NAME = '欧阳不可记录';

function linesOf(error: unknown, trigger: string): string {
  const log = new ListLog();
  logFailure(log, error, { trigger });
  return JSON.stringify(log.lines);
}

describe('of what a client asked for and is not there', () => {
  it.each([
    ['an address', new AppError('NOT_FOUND', { path: `/${NAME}/x`, method: NAME }), '/…'],
    ['an asset', new AppError('NOT_FOUND', { path: `/assets/${NAME}` }), '/assets/…'],
    ['a push', new AppError('NOT_FOUND', { path: `/webhooks/${NAME}/${NAME}` }), '/webhooks/…'],
    ['a shop', new AppError('UNKNOWN_SHOP', { shopId: NAME, channel: NAME }), 'UNKNOWN_SHOP'],
    ['an order', new AppError('NOT_FOUND', { shopId: 'dy-main', orderNo: NAME }), 'NOT_FOUND'],
  ])('%s: the log says what kind it was, and not in whose words', (_what, error, said) => {
    const lines = linesOf(error, 'http');
    expect(lines).toContain('call.refused');
    expect(lines).toContain(said);
    expect(lines).not.toContain(NAME);
  });

  it('a page that was never built is told with the hint for who runs it', () => {
    const error = new AppError('NOT_FOUND', { hint: 'the page was not built' });
    expect(linesOf(error, 'http')).toContain('the page was not built');
  });
});

it.each([
  ['a timer', new AppError('UNKNOWN_SHOP', { shopId: 'dy-main' }), 'timer'],
  ['a request about what is there', new AppError('BAD_SIGNATURE', { shopId: 'dy-main' }), 'http'],
])('%s is told with the document that it is about', (_what, error, trigger) => {
  expect(linesOf(error, trigger)).toContain('"shopId":"dy-main"');
});
