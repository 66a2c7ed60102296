const { readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const FUNCTIONS = join(__dirname, '../../functions');

/** `order-ingestion` → `OrderIngestion`: the beginning of names that the stack's own files give. */
const pascal = (name) => name.replace(/(^|-)(\w)/g, (_, __, letter) => letter.toUpperCase());

/** `order-ingestion` → `OrderDashingestion`: the beginning of names that the framework gives. */
const frameworkId = (name) => (name[0].toUpperCase() + name.slice(1)).replaceAll('-', 'Dash');

/** Every function there is, with its time limit: one that is added is watched from its first day. */
exports.functions = readdirSync(FUNCTIONS).map((name) => ({
  name,
  pascal: pascal(name),
  lambdaId: `${frameworkId(name)}LambdaFunction`,
  logGroupId: `${frameworkId(name)}LogGroup`,
  timeoutMs:
    1000 * Number(/^ {2}timeout: (\d+)$/m.exec(readFileSync(join(FUNCTIONS, name, 'function.yml'), 'utf8'))[1]),
}));

/** Topics of shared/ports/bus.ts, as the queues' names begin. */
exports.queues = ['PlatformOrderChanged', 'DeliveryOrderReady', 'StockChanged'];

/** Stages of waiting documents (OpenKind of shared/procedures/keys.ts), each with the function whose sweep drives them on. */
exports.stages = {
  conversion: 'document-conversion',
  holding: 'document-conversion',
  audit: 'auto-audit',
  'stock-work': 'stock-change-capture',
  resync: 'ratio-sync-push',
  sync: 'ratio-sync-push',
  'new-sku': 'document-conversion',
};
