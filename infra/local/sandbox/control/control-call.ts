import type { FieldReader } from '../field-reader';
import type { Json } from '../json';

export interface ControlAnswer {
  readonly status: 200 | 201;
  readonly body: Json;
}

/** What a route is given: the `:names` of its path, the query, and a reader of the JSON body. */
export interface ControlCall {
  readonly names: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  body(): FieldReader;
}
