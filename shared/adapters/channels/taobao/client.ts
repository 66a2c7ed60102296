import * as z from 'zod/mini';
import { shanghaiText } from '../../../domain/kernel/time';
import type { ShopAccess } from '../../../ports/channel';
import type { Clock } from '../../../ports/clock';
import { badAnswer, type CallResult, httpFailure, post } from '../http';
import { tryParseJson64 } from '../json64';
import { mapTaobaoError, mayHaveApplied, taobaoError } from './map-error';
import { signTaobao, type TaobaoSignMethod, withoutEmpty } from './sign';

export interface TaobaoOptions {
  /** The gateway's address; in production `https://eco.taobao.com/router/rest`. */
  readonly gatewayUrl: string;
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** `hmac` (HMAC-MD5) where none is stated: what every library agrees on, and better than bare MD5. */
  readonly signMethod?: TaobaoSignMethod;
}

export interface TaobaoAnswer {
  /** The whole answer, as sent. */
  readonly text: string;
  /** What stands under `…_response`. */
  readonly response: unknown;
}

const errorAnswer = z.object({ error_response: taobaoError });

/**
 * One call to the gateway: common and business parameters signed together and sent as one form. The timestamp is
 * GMT+8 whatever the machine's zone; the platform takes up to ten minutes of difference. Source: open.taobao.com, how
 * to call the API.
 */
export async function callTaobao(
  options: TaobaoOptions,
  access: ShopAccess,
  method: string,
  params: Readonly<Record<string, string>>,
): Promise<CallResult<TaobaoAnswer>> {
  const signMethod = options.signMethod ?? 'hmac';
  const signed = withoutEmpty({
    ...params,
    method,
    app_key: access.appKey,
    session: access.accessToken,
    timestamp: shanghaiText(options.clock.nowMs()),
    v: '2.0',
    format: 'json',
    sign_method: signMethod,
  });
  const form = new URLSearchParams({ ...signed, sign: signTaobao(signed, access.appSecret, signMethod) });
  const call = {
    channel: 'taobao' as const,
    method,
    url: options.gatewayUrl,
    contentType: 'application/x-www-form-urlencoded;charset=utf-8',
    body: form.toString(),
    timeoutMs: options.timeoutMs,
  };
  const answer = await post(call);
  if (!answer.ok) return answer;
  const body = tryParseJson64(answer.value.text);
  const failed = errorAnswer.safeParse(body);
  if (failed.success) {
    const error = failed.data.error_response;
    return { ok: false, error: mapTaobaoError(method, error), mayHaveApplied: mayHaveApplied(error) };
  }
  if (answer.value.status !== 200) return httpFailure(call, answer.value);
  const response = responseOf(body, method);
  if (response === undefined) return badAnswer(call, `no ${responseKey(method)} in the answer`);
  return { ok: true, value: { text: answer.value.text, response } };
}

/** `taobao.trade.fullinfo.get` answers under `trade_fullinfo_get_response`. */
function responseKey(method: string): string {
  return `${method.replace(/^taobao\./, '').replaceAll('.', '_')}_response`;
}

function responseOf(body: unknown, method: string): unknown {
  if (typeof body !== 'object' || body === null) return undefined;
  return (body as Record<string, unknown>)[responseKey(method)];
}
