import { ACCESS, CHANNELS, withGateway, WRITE } from './gateway-samples';
import { deadUrl, type GatewayAnswer } from './stub-gateway';

describe.each(['taobao', 'doudian'] as const)('%s gateway trouble', (id) => {
  const fetchOrder = (answer: GatewayAnswer) =>
    withGateway([answer], (gateway) => CHANNELS[id](gateway.url).fetchOrder(ACCESS, '2600000000123456789'));
  const write = (answer: GatewayAnswer, writes = [WRITE]) =>
    withGateway([answer], (gateway) => CHANNELS[id](gateway.url).writeStock(ACCESS, writes));

  it.each([
    ['never answers', 'silence', 'CHANNEL_UNREACHABLE'],
    ['drops the connection', 'drop', 'CHANNEL_UNREACHABLE'],
    ['breaks off in the middle of its answer', 'break', 'CHANNEL_UNREACHABLE'],
    ['falls silent in the middle of its answer', 'silence in the middle', 'CHANNEL_UNREACHABLE'],
    ['answers 503', { status: 503, text: 'busy' }, 'CHANNEL_BUSY'],
    ['answers 429', { status: 429, text: '' }, 'CHANNEL_THROTTLED'],
    ['redirects', { status: 302, text: '' }, 'CHANNEL_BAD_ANSWER'],
    ['answers with a web page', { text: '<html>maintenance</html>' }, 'CHANNEL_BAD_ANSWER'],
    ['answers with JSON of another kind', { text: '[]' }, 'CHANNEL_BAD_ANSWER'],
  ] as const)('turns a read into an error with a code where the gateway %s', async (_what, answer, code) => {
    await expect(fetchOrder(answer)).rejects.toMatchObject({ code });
  });

  it.each([
    ['never answers', 'silence', { unanswered: true }],
    ['drops the connection', 'drop', { unanswered: true }],
    ['breaks off in the middle of its answer', 'break', { unanswered: true }],
    ['falls silent in the middle of its answer', 'silence in the middle', { unanswered: true }],
    ['answers 502', { status: 502, text: 'bad gateway' }, {}],
    ['answers with a web page', { text: '<html>' }, {}],
  ] as const)('leaves a write unknown where the gateway %s: it may have been applied', async (_what, answer, said) => {
    expect(await write(answer)).toEqual([{ kind: 'unknown', message: expect.any(String) as unknown, ...said }]);
  });

  it('refuses a write for later where nobody listens: it was never sent', async () => {
    const results = await CHANNELS[id](await deadUrl()).writeStock(ACCESS, [WRITE]);
    expect(results).toMatchObject([{ kind: 'refused', code: 'CHANNEL_UNREACHABLE', retry: 'later' }]);
  });

  it('refuses a write for later on too many requests', async () => {
    const results = await write({ status: 429, text: '' });
    expect(results).toMatchObject([{ kind: 'refused', code: 'CHANNEL_THROTTLED', retry: 'later' }]);
  });

  it('writes nothing where there is nothing to write', async () => {
    expect(await write('silence', [])).toEqual([]);
  });

  it('calls again on a new connection where the gateway has closed the one that was kept', async () => {
    const busy: GatewayAnswer = { status: 503, text: 'busy' };
    await withGateway([busy], async (gateway) => {
      const fetched = () => CHANNELS[id](gateway.url).fetchOrder(ACCESS, '2600000000123456789');
      await expect(fetched()).rejects.toMatchObject({ code: 'CHANNEL_BUSY' });
      await gateway.closeIdle();
      await expect(fetched()).rejects.toMatchObject({ code: 'CHANNEL_BUSY' });
      expect(gateway.requests).toHaveLength(2);
    });
  });

  it('tells nobody the secret or the token', async () => {
    const error: unknown = await fetchOrder('drop').catch((thrown: unknown) => thrown);
    const told = `${String(error)} ${JSON.stringify(error)} ${String((error as Error).cause)}`;
    expect(told).not.toContain(ACCESS.appSecret);
    expect(told).not.toContain(ACCESS.accessToken);
  });
});
