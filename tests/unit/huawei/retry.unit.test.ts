import { apiError, isPassing } from '../../../infra/huawei/api-errors';
import { DeployError } from '../../../infra/huawei/deploy-error';
import { retrying } from '../../../infra/huawei/retry';

const throttled = { httpStatusCode: 429, errorCode: 'FSS.0429', errorMsg: 'Too many requests.', requestId: 'r-1' };

async function attempts(errors: readonly unknown[], random = 0): Promise<{ outcome: unknown; pausesMs: number[] }> {
  const pausesMs: number[] = [];
  let n = 0;
  const sleep = async (ms: number): Promise<void> => void pausesMs.push(ms);
  const outcome = await retrying(
    { attemptsMax: 7, firstPauseMs: 500, pauseMsMax: 8_000, random: () => random, sleep },
    isPassing,
    async () => {
      const error = errors[n];
      n += 1;
      if (error !== undefined) throw apiError('do it', error);
      return `after ${n}`;
    },
  ).catch((error: unknown) => error);
  return { outcome, pausesMs };
}

describe('a call', () => {
  it('is repeated while it is throttled, with pauses that double up to 8 s, half of each by chance', async () => {
    const always = Array.from({ length: 7 }, () => throttled);
    const { outcome, pausesMs } = await attempts(always);
    expect(outcome).toMatchObject({ code: 'FSS.0429', httpStatus: 429 });
    expect(pausesMs).toEqual([250, 500, 1000, 2000, 4000, 4000]);
    expect((await attempts(always, 1)).pausesMs).toEqual([500, 1000, 2000, 4000, 8000, 8000]);
  });

  it.each([
    ['the platform failed', { httpStatusCode: 500, errorCode: 'FSS.0500', errorMsg: 'internal' }],
    ['nobody answered', { errorMsg: 'connect ECONNREFUSED' }],
  ])('is repeated when %s', async (_, error) => {
    expect((await attempts([error, error])).outcome).toBe('after 3');
  });

  it.each([
    ['a refusal', { httpStatusCode: 400, errorCode: 'FSS.1005', errorMsg: 'Invalid runtime.' }],
    ['a bad signature', { httpStatusCode: 401, errorCode: 'APIGW.0301', errorMsg: 'Incorrect IAM' }],
  ])('is not repeated after %s, which says what to do', async (_, error) => {
    const { outcome, pausesMs } = await attempts([error]);
    expect(pausesMs).toEqual([]);
    expect((outcome as DeployError).advice).toMatch(/stage file|HUAWEICLOUD_SDK_AK/);
  });
});

describe('an error of the SDK', () => {
  it('becomes ours by code, message and request alone: its other members hold the request with its secrets', () => {
    const error = apiError('create yipan', {
      ...throttled,
      config: { data: 'kafka-password' },
      request: 'kafka-password',
    });
    expect(error).toBeInstanceOf(DeployError);
    expect(error.message).toBe('create yipan: 429 FSS.0429 Too many requests. (request r-1)');
    expect(JSON.stringify(error) + String(error.stack) + String(error.cause)).not.toContain('kafka-password');
  });

  it('keeps its status where its code is none of the known ones', () => {
    expect(apiError('x', { httpStatusCode: 418, errorCode: 'Teapot' }).code).toBe('HTTP.418');
  });
});
