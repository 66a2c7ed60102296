import type { ExactObject } from '../exact-object';
import type { Json } from '../json';
import type { DoudianShop } from '../shop';

/** Returns the member `data` of the answer. Throws DoudianError (or ShapeError) to refuse. */
export type DoudianMethod = (params: ExactObject, shop: DoudianShop, nowMs: number) => Json;
