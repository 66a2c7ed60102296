/** Plain values only; never a secret, a phone number, an address or a body. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** One JSON object a line. `count` is a metric: the cloud's log service sums it, the local host shows it. */
export interface Log {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  count(metric: string, by?: number, fields?: LogFields): void;
}
