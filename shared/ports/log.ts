/** Plain values only; never a secret, a phone number, an address or a body. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/**
 * Every metric with its unit. Alarms, dashboards and the runbook (infra/aws, infra/watch) name these and no others; the
 * compiler holds the code to the list, a test holds the rest. Calls of functions are none of them: each cloud counts
 * those itself.
 */
export const METRICS = {
  'webhook.accepted': 'Count',
  'webhook.refused': 'Count',
  'webhook.bad-signature': 'Count',
  'ingestion.poll-failed': 'Count',
  'ingestion.pull-failed': 'Count',
  'ingestion.fetch-failed': 'Count',
  'ingestion.recovered': 'Count',
  'ingestion.unknown-seller': 'Count',
  'ingestion.quarantined': 'Count',
  /** Versions of platform orders that were stored. */
  'orders.stored': 'Count',
  /** Orders that conversion looked at, by `outcome`: what it made of them. */
  'orders.conversions': 'Count',
  /** Delivery orders that the rules judged, by `outcome`: their status then. */
  'orders.audits': 'Count',
  /** Documents that a sweep could not drive on; `stage` says which sweep. */
  'sweep.failed': 'Count',
  /** How long the oldest document of a `stage` has been due. Above a few minutes nobody drives it on. */
  'waiting.oldest': 'Seconds',
  'message.parked': 'Count',
  'bus.dropped': 'Count',
  /** Puts that found another version: they are decided again. */
  'store.conflicts': 'Count',
  /** Operations of the pool that failed since its server does not answer, or not as it should. */
  'pool.failed': 'Count',
  'sync.calls': 'Count',
  'sync.flow-control': 'Count',
  'sync.read-backs': 'Count',
  'sync.suspects': 'Count',
  'sync.computed-skus': 'Count',
  'sync.coalesced-changes': 'Count',
  'sync.saved-pushes': 'Count',
  'sync.pushed': 'Count',
  'sync.shown': 'Count',
  'sync.failed': 'Count',
  'sync.unknown': 'Count',
  'sync.in-flight': 'Count',
  /** From a stock change until the quantities that follow from it were pushed, or found to be shown already. */
  'sync.delay': 'Milliseconds',
} as const;

export type MetricName = keyof typeof METRICS;

/** Metrics that are summed. */
export type CountName = { [name in MetricName]: (typeof METRICS)[name] extends 'Count' ? name : never }[MetricName];

/** Metrics that are measured. */
export type GaugeName = { [name in MetricName]: (typeof METRICS)[name] extends 'Count' ? never : name }[MetricName];

/** Fields that a metric is told apart by: of few values each, since every combination is a series that costs. */
export const DIMENSIONS = ['function', 'stage', 'channel', 'outcome'] as const;

/**
 * One JSON object a line. A line about a document names it, by `shopId` and `orderNo`, `deliveryOrderId`, or `warehouseId`
 * and `skuId`: what is logged while a batch is handled is put into the trace of that document by these. Counts and
 * gauges are metrics: the cloud's log service reads them, the local host shows sums.
 */
export interface Log {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  count(metric: CountName, by?: number, fields?: LogFields): void;
  /** One measured value, in the metric's unit. */
  gauge(metric: GaugeName, value: number, fields?: LogFields): void;
}
