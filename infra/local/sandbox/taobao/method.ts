import type { JsonObject } from '../json';
import type { PollQueue } from '../messages/poll-queue';
import type { TaobaoShop } from '../shop';
import type { Params } from './params';

/** A method called for a seller (with session), or one of the app itself. Throws TopError to refuse. */
export type TopMethod =
  | { readonly of: 'seller'; readonly run: (params: Params, shop: TaobaoShop, nowMs: number) => JsonObject }
  | { readonly of: 'app'; readonly run: (params: Params, queue: PollQueue) => JsonObject };
