import * as z from 'zod/mini';
import { statusText } from '../../shared/domain/order/delivery-order';
import { CONVERSION_ZH } from '../../shared/domain/order/received-order';
import { AppError, ERRORS } from '../../shared/errors';
import { actorOf, authenticate } from '../../shared/platform/authenticate';
import type { Run } from '../../shared/platform/define-function';
import type { HttpRequest, HttpResponse } from '../../shared/platform/http';
import { json } from '../../shared/platform/http';
import type { ConversionResult } from '../../shared/procedures/convert-platform-orders';
import { convertPlatformOrders } from '../../shared/procedures/convert-platform-orders';
import { noteResults } from './note-results';

/** Orders that one press of the button converts: a page of the list. */
const ORDERS_MAX = 100;

/** Largest body, as the console takes it: a hundred orders are about 10 KB. */
const BODY_BYTES_MAX = 1024 * 1024;

/** What the button sends. */
export const ConversionsBody = z.object({
  orders: z.array(z.object({ shopId: z.string(), orderNo: z.string() })).check(z.minLength(1), z.maxLength(ORDERS_MAX)),
});

/**
 * The button 单据转换, `POST /api/conversions {orders: [{shopId, orderNo}]}`, for one order or a page of them. Answers
 * what became of each. A single order that cannot be converted is the request's own error; in a batch it is one result.
 */
export async function convertByHand(request: HttpRequest, run: Run<'bus'>): Promise<HttpResponse> {
  const user = await authenticate(run, request, 'operator');
  if (request.method !== 'POST' || request.path !== '/api/conversions')
    throw new AppError('NOT_FOUND', { path: request.path });
  const { orders } = readBody(request);
  const converted = await convertPlatformOrders(run.ports, orders, actorOf(user));
  noteResults(run.ports.log, converted.filter(isOfAnOrder));
  const results = converted.map(answerOf);
  const [only] = results;
  if (results.length === 1 && only?.error) throw only.error;
  return json(200, {
    results: results.map(({ error, ...rest }) =>
      error
        ? {
            ...{ ...rest, code: error.code, facts: error.facts },
            ...{ message: ERRORS[error.code].zh, messageEn: ERRORS[error.code].en },
          }
        : rest,
    ),
  });
}

/** Of what is not there nobody is told but who asked: it may be named in any words. */
function isOfAnOrder(result: ConversionResult): boolean {
  return result.kind === 'ok' || result.error.status !== 404;
}

function readBody(request: HttpRequest): z.infer<typeof ConversionsBody> {
  const bytes = request.rawBody.length;
  if (bytes > BODY_BYTES_MAX) throw new AppError('BODY_TOO_LARGE', { bytes, bytesMax: BODY_BYTES_MAX });
  let value: unknown;
  try {
    value = JSON.parse(request.rawBody.toString('utf8'));
  } catch (error) {
    throw new AppError('BAD_JSON', {}, { cause: error });
  }
  const parsed = z.safeParse(ConversionsBody, value);
  if (!parsed.success)
    throw new AppError('BAD_INPUT', {
      problems: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.code}`),
    });
  return parsed.data;
}

function answerOf(result: ConversionResult) {
  const { shopId, orderNo } = result;
  if (result.kind === 'failed') return { shopId, orderNo, error: result.error };
  const { state, deliveryOrder, unmapped } = result;
  const answer = { shopId, orderNo, state, stateText: CONVERSION_ZH[state], unmapped };
  if (state === 'closed') return { ...answer, error: new AppError('ORDER_CLOSED', { shopId, orderNo }) };
  if (state === 'not-due' || state === 'shipped-elsewhere')
    return { ...answer, error: new AppError('ORDER_NOT_DUE', { shopId, orderNo, state }) };
  return {
    ...answer,
    deliveryOrderId: deliveryOrder?.id ?? null,
    status: deliveryOrder?.status ?? null,
    statusText: deliveryOrder ? statusText(deliveryOrder) : null,
  };
}
