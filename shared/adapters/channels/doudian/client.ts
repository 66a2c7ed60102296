import * as z from 'zod/mini';
import { AppError } from '../../../errors';
import type { ShopAccess } from '../../../ports/channel';
import type { Clock } from '../../../ports/clock';
import { badAnswer, type CallResult, httpFailure, post } from '../http';
import { tryParseJson64 } from '../json64';
import { type DoudianHead, doudianHead, isSuccess, mapDoudianError, mayHaveApplied } from './map-error';
import { type CanonicalValue, canonicalJson, signDoudian } from './sign';

export interface DoudianOptions {
  /** The gateway's address without a slash at the end; in production `https://openapi-fxg.jinritemai.com`. */
  readonly gatewayUrl: string;
  readonly timeoutMs: number;
  readonly clock: Clock;
}

interface DoudianAnswer {
  /** The whole answer, as sent. */
  readonly text: string;
  readonly data: unknown;
}

/** A refusal keeps the platform's own words: some of them are an answer in disguise (a key that was used before). */
export type DoudianResult = CallResult<DoudianAnswer> & { readonly head?: DoudianHead };

const dataField = z.object({ data: z.optional(z.unknown()) });

/**
 * One call to the gateway. System parameters go into the query, the body is `param_json` exactly as signed.
 * Source: op.jinritemai.com, how to call the API.
 */
export async function callDoudian(
  options: DoudianOptions,
  access: ShopAccess,
  method: string,
  params: { readonly [name: string]: CanonicalValue },
): Promise<DoudianResult> {
  const paramJson = canonicalJson(params);
  const timestamp = String(Math.floor(options.clock.nowMs() / 1000));
  const query = new URLSearchParams({
    app_key: access.appKey,
    method,
    access_token: access.accessToken,
    timestamp,
    v: '2',
    sign: signDoudian({ appKey: access.appKey, method, paramJson, timestamp }, access.appSecret),
    sign_method: 'hmac-sha256',
  });
  const call = {
    channel: 'doudian' as const,
    method,
    url: `${options.gatewayUrl}/${method.replaceAll('.', '/')}?${query.toString()}`,
    contentType: 'application/json;charset=utf-8',
    body: paramJson,
    timeoutMs: options.timeoutMs,
  };
  const answer = await post(call);
  if (!answer.ok) return answer;
  const body = tryParseJson64(answer.value.text);
  const head = z.safeParse(doudianHead, body);
  if (!head.success || (head.data.code === undefined && head.data.err_no === undefined)) {
    return answer.value.status === 200 ? badAnswer(call, 'no code in the answer') : httpFailure(call, answer.value);
  }
  if (!isSuccess(head.data)) {
    const error = mapDoudianError(method, head.data);
    return { ok: false, error, mayHaveApplied: mayHaveApplied(head.data), head: head.data };
  }
  return { ok: true, value: { text: answer.value.text, data: z.parse(dataField, body).data } };
}

/** Whether a text can be one of the platform's 64-bit ids. */
export const isId = (text: string): boolean => /^\d{1,19}$/.test(text);

/** A 64-bit id of ours as the bigint that `param_json` needs. Throws BAD_INPUT where it is not a number's digits. */
export function idNumber(id: string | null, field: string): bigint {
  if (id === null || !isId(id)) throw new AppError('BAD_INPUT', { channel: 'doudian', field });
  return BigInt(id);
}
