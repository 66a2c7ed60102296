import { InProcessPool } from '../../shared/adapters/in-process/in-process-pool';
import type { Config } from '../../shared/config';
import type { ChannelId, PlatformOrder } from '../../shared/domain/order/platform-order';
import type { Shop } from '../../shared/domain/settings';
import type { QuarantinedItem, ReceivedOrder } from '../../shared/domain/order/received-order';
import type { Coverage } from '../../functions/order-ingestion/pull-modified';
import type { Run } from '../../shared/platform/define-function';
import { AppError } from '../../shared/errors';
import type { Channel, ListingRef } from '../../shared/ports/channel';
import type { Log, LogFields } from '../../shared/ports/log';
import { checkInvariants } from '../../shared/procedures/check-invariants';
import { keys } from '../../shared/procedures/keys';
import { ADMIN_TOKEN, ConsoleCalls } from './console-calls';
import { SeededRandom } from '../support/seeded-random';
import { BusQueue } from './bus-queue';
import { Faults } from './faults';
import type { PlatformWorld } from './platform';
import { Platform } from './platform';
import { channelTo } from './platform-channel';
import type { HistoryOptions, Plan } from './plan';
import type { End, Task } from './scheduler';
import { Scheduler } from './scheduler';
import { formerlyWritten, formerSettings } from './former-build';
import { quantityFaults } from './expected-quantities';
import type { Turn } from './unreliable-ports';
import { SimulatedStore, unreliableBus, unreliablePool } from './unreliable-ports';

const START_MS = Date.UTC(2026, 2, 8, 6, 0, 0);

/** A function is killed after this; shorter than the pool's leases. */
const TASK_MS = 60_000;

/** What steps leave of their time: those that sweep, and those that call platforms. */
const SPARE_MS = [10_000, 15_000] as const;

/** What a call with little time has beyond that: some steps, since each takes a ms and others go on in between. */
const LITTLE_MS = 300;

/** A long outage: longer than the stock sweep looks back (150 s, and the lag of the index). */
const DOWN_MS = 400_000;

/** Platforms count modified times in seconds, and a list is a moment old when it comes. */
const COVERAGE_SLACK_MS = 2_000;

export const CONFIG: Config = {
  ...{
    profile: 'embedded',
    store: { kind: 'sqlite', file: '' },
    pool: { kind: 'in-process' },
    bus: { kind: 'in-process' },
    taobaoGateway: '',
    doudianGateway: '',
    channelTimeoutMs: 4_000,
    logLevel: 'error',
    metricsInLog: false,
  },
  ...{ pullOverlapMs: 300_000, recheckAfterMs: 60_000, consoleUrl: undefined, pageFolder: undefined },
  secrets: { shops: {}, users: [{ token: ADMIN_TOKEN, id: 'ops', name: '运营', role: 'admin' }] },
};

const FORMER_CONFIG = formerSettings(CONFIG);

/** Somebody sets the clock of the host by so much at most, either way; as often as they like. */
const CLOCK_JUMP_MS_MAX = 5_000;

type ShopOf = readonly [channel: ChannelId, shopId: string, takenAt: PlatformOrder['stockTakenAt']];

/** The first is polled and takes stock when ordered, the second pushes and takes it when paid; some worlds have more. */
const SHOPS: readonly [ShopOf, ...ShopOf[]] = [
  ['taobao', 'tb', 'order'],
  ['doudian', 'dd', 'payment'],
  ['taobao', 'tb2', 'payment'],
  ['doudian', 'dd2', 'order'],
];

/** What no outage and no refusal explains. */
const SLIP = /InvariantBroken|TypeError|RangeError|ReferenceError|SyntaxError|ZodError/;

/** Everything around the library: store, queue, pool, platforms and what goes wrong with them. One seed is one world. */
export class World implements PlatformWorld {
  readonly random: SeededRandom;
  readonly scheduler: Scheduler;
  readonly store: SimulatedStore;
  /** Orders by their text, which is read over and over. */
  readonly read = new Map<string, PlatformOrder>();
  readonly platforms: readonly [Platform, ...Platform[]];
  /** What must never happen and did. */
  readonly violations: string[] = [];
  readonly stats = { tasks: 0, crashed: 0, failed: 0, orders: 0, acknowledged: 0 };
  readonly faults: Faults;
  readonly calls = new ConsoleCalls();
  private readonly shopSavedMs = new Map<string, number>();
  readonly queue: BusQueue;
  private pool: InProcessPool;
  /** Tokens of all pools of this world, one after the other: those of a lost one never come again. */
  private readonly poolRandom: SeededRandom;
  private downUntilMs = 0;
  /** All faults have ended, and people have gone home: what is on its way comes to its end. */
  healed = false;

  constructor(
    private readonly seed: number,
    private readonly plan: Plan,
    private readonly options: HistoryOptions,
  ) {
    const { schedule = 0, onTrace } = options;
    this.random = new SeededRandom(schedule === 0 ? seed : seed ^ Math.imul(schedule, 0x2545f491));
    this.poolRandom = new SeededRandom(seed + 1);
    this.faults = new Faults(this.random);
    this.scheduler = new Scheduler(this.random, this.faults, START_MS, onTrace);
    this.store = new SimulatedStore(
      this.random,
      this.faults,
      () => this.nowMs(),
      () => this.scheduler.skewMs,
      (key, saved) => {
        this.scheduler.note(`${key.pk}/${key.sk}`, saved?.version ?? 0);
        if (saved && key.pk === 'shop') this.shopSavedMs.set(key.sk, this.nowMs());
        if (saved && options.hashValues) this.scheduler.note(JSON.stringify(saved), 0);
        if (this.traced)
          this.trace(saved ? `  saved ${key.pk}/${key.sk} v${saved.version}` : `  conflict ${key.pk}/${key.sk}`);
      },
      (what) => this.fault(what),
    );
    this.pool = this.newPool();
    this.queue = new BusQueue(this, plan.partialFailure);
    const shop = (...[channel, shopId, takenAt]: ShopOf): Platform => new Platform(channel, shopId, takenAt, this);
    const [first, ...others] = SHOPS;
    this.platforms = [shop(...first), ...others.slice(0, plan.shops - 1).map((of) => shop(...of))];
  }

  nowMs(): number {
    return this.scheduler.nowMs;
  }

  after(ms: number, label: string, go: () => void): void {
    this.scheduler.after(ms, label, go);
  }

  note(what: string, qty: number): void {
    this.scheduler.note(what, qty);
  }

  get traced(): boolean {
    return this.scheduler.traced;
  }

  trace(line: string): void {
    this.scheduler.trace(line);
  }

  fault(what: string): void {
    this.violations.push(what);
  }

  push: PlatformWorld['push'] = () => undefined;

  /** Everything that can go wrong, as often as this seed has it. */
  breakThings(): void {
    // A read that lags hides what was sold since, and only the rolling read-back looks again.
    const unread = this.plan.readsBack ? [] : ['readLag'];
    this.faults.begin(this.seed, new Set([...(this.options.without ?? []), ...unread]));
  }

  heal(): void {
    this.faults.end();
    this.scheduler.setHostClock(0);
    this.healed = true;
    this.queue.bringAll();
    this.trace('healed');
  }

  /** kill -9 of the one process of the embedded profile: every task, the queue and the pool are gone, for a while. */
  killProcess(random: SeededRandom): void {
    const downMs = random.chance(0.3) ? DOWN_MS : 0;
    this.trace(`the process is killed, ${downMs} ms`);
    this.downUntilMs = this.nowMs() + downMs;
    for (const task of [...this.scheduler.tasks]) task.crash();
    this.queue.clear();
    this.losePool();
  }

  /** Somebody sets the clock of the host, forwards or back; the platforms' clocks go on. */
  jumpClock(random: SeededRandom): void {
    this.scheduler.setHostClock(random.between(-CLOCK_JUMP_MS_MAX, CLOCK_JUMP_MS_MAX));
  }

  losePool(): void {
    this.trace('the pool is lost');
    this.pool = this.newPool();
  }

  private newPool(): InProcessPool {
    return new InProcessPool({ nowMs: () => this.nowMs(), sleep: () => Promise.resolve() }, this.poolRandom);
  }

  /** Calls a function: one task with ports of its own. */
  spawn<T>(name: string, step: (run: Run) => Promise<T>, then: (end: End<T>) => void = () => undefined): void {
    this.stats.tasks += 1;
    if (this.nowMs() < this.downUntilMs) {
      then({ kind: 'crashed' });
      return;
    }
    const config = this.faults.happens('formerBuild') ? FORMER_CONFIG : CONFIG;
    const body = (task: Task): Promise<T> => step(this.runOf(name, task, config));
    this.scheduler.spawn(`${name}@${this.stats.tasks}`, TASK_MS, body, (end) => {
      if (end.kind === 'crashed') this.stats.crashed += 1;
      if (end.kind === 'failed') this.failed(name, end.error);
      then(end);
    });
  }

  /** Checks what must hold at any moment, or at rest; nobody runs meanwhile. */
  async check(atRest: boolean): Promise<string[]> {
    const atOnce: Turn = async (_label, act) => act();
    const channels = this.channels(atOnce, CONFIG);
    const readShown = async (shop: { id: string }, listing: ListingRef): Promise<number> =>
      this.platforms.find(({ shopId }) => shopId === shop.id)?.shelf.shownQty(listing) ?? 0;
    const found: string[] = [];
    for await (const { invariant, where, what } of checkInvariants(this.store.now, {
      channels,
      nowMs: this.nowMs(),
      atRest,
      ...(atRest && { readShown }),
    })) {
      found.push(`invariant ${invariant}: ${where}: ${what}`);
    }
    const shown = atRest ? quantityFaults(this.store.now, this.platforms, this.nowMs()) : [];
    return [...found, ...shown, ...(await this.coverageFaults())];
  }

  /** What the pull says that it has covered is stored. */
  private async coverageFaults(): Promise<string[]> {
    const faults: string[] = [];
    for (const { shopId, orders } of this.platforms) {
      const covered = this.store.now.find<Coverage>(keys.coverage(shopId));
      const toMs = (covered?.value.toMs ?? 0) - COVERAGE_SLACK_MS - this.scheduler.skewMs;
      for (const { orderNo, modifiedAtMs } of orders.values()) {
        const head = this.store.now.find<ReceivedOrder>(keys.platformOrder(shopId, orderNo));
        const missed =
          modifiedAtMs <= toMs &&
          (head?.value.modifiedAtMs ?? 0) < modifiedAtMs &&
          !this.isAside(shopId, orderNo, modifiedAtMs);
        if (missed)
          faults.push(`the pull of ${shopId} has covered ${toMs}, order ${orderNo} of ${modifiedAtMs} is not stored`);
      }
    }
    return faults;
  }

  /** Whoever acknowledges a change must have stored the order as it was then, or newer. */
  acknowledged(platform: Platform, orderNo: string, modifiedAtMs: number): void {
    this.stats.acknowledged += 1;
    const head = this.store.now.find<ReceivedOrder>(keys.platformOrder(platform.shopId, orderNo));
    if (head && head.value.modifiedAtMs >= modifiedAtMs && modifiedAtMs > 0) return;
    if (this.isAside(platform.shopId, orderNo, modifiedAtMs)) return;
    // A shop that is off takes no orders, and its messages leave the queue; switched on, it pulls what it has missed.
    const shop = this.store.now.find<Shop>(keys.shop(platform.shopId));
    const savedMs = this.shopSavedMs.get(platform.shopId) ?? 0;
    if (shop?.value.active === false || savedMs > this.nowMs() - TASK_MS) return;
    this.violations.push(
      `acknowledged and not stored: ${platform.shopId} ${orderNo} of ${modifiedAtMs}, held is ${head?.value.modifiedAtMs ?? 'none'}`,
    );
  }

  /** What could not be read is kept aside: that version of an order or a newer one, or what no order stands behind. */
  private isAside(shopId: string, orderNo: string, modifiedAtMs: number): boolean {
    return this.store.now.partition(keys.quarantine(shopId, '').pk).some(({ value }) => {
      const { source, orderNo: named, text } = value as QuarantinedItem;
      if (source === 'push' || text === orderNo) return text === orderNo;
      return named === orderNo && (JSON.parse(text) as PlatformOrder).modifiedAtMs >= modifiedAtMs;
    });
  }

  private channels(turn: Turn, { channelTimeoutMs: callMs }: Config): Run['ports']['channels'] {
    const onConfirmed = (platform: Platform, orderNo: string, modifiedAtMs: number): void =>
      this.acknowledged(platform, orderNo, modifiedAtMs);
    const to = (id: ChannelId): Channel => {
      const shops = this.platforms.filter((platform) => platform.id === id);
      return channelTo({ id, shops, world: this, turn, onConfirmed, callMs });
    };
    // Most tasks never call a platform.
    const made: Partial<Record<ChannelId, Channel>> = {};
    return {
      get taobao() {
        return (made.taobao ??= to('taobao'));
      },
      get doudian() {
        return (made.doudian ??= to('doudian'));
      },
    };
  }

  private runOf(name: string, task: Task, config: Config): Run {
    const turn: Turn = (label, act, writes) => this.scheduler.turn(task, label, act, writes);
    const { random, faults } = this;
    const store = this.store.seenBy(turn, name);
    const channels = this.channels(turn, config);
    const hasLittle = faults.happens('littleTime');
    const endsAtMs = hasLittle ? this.nowMs() + random.pick(SPARE_MS) + random.below(LITTLE_MS) : task.deadlineMs;
    return {
      config,
      requestId: task.name,
      remainingMs: () => endsAtMs - this.nowMs(),
      ports: {
        ...{ random, log: this.logOf(task), clock: this.scheduler.clockOf(task) },
        store: config === FORMER_CONFIG ? formerlyWritten(store) : store,
        bus: unreliableBus(turn, faults, (message) => this.queue.accept(message)),
        pool: unreliablePool(turn, faults, () => this.pool),
        channels,
        access: ({ id, platformShopId }) => ({
          shopId: id,
          platformShopId,
          appKey: '',
          appSecret: '',
          accessToken: '',
        }),
      },
    };
  }

  private logOf(task: Task): Log {
    // Of what is logged only the text of an error is left; those that say what they are end elsewhere.
    const note = (event: string, fields: LogFields = {}): void => {
      const reason = String(fields['reason']);
      if (fields['code'] === 'INTERNAL' || SLIP.test(reason)) this.violations.push(`${task.name}: ${event}: ${reason}`);
    };
    return { info: () => undefined, warn: note, error: note, count: () => undefined, gauge: () => undefined };
  }

  private failed(name: string, error: unknown): void {
    this.stats.failed += 1;
    this.unexpected(name, error);
  }

  /** A refusal or an outage is part of life, and says so by its code; anything else is a slip of ours. */
  private unexpected(where: string, error: unknown): void {
    if (error instanceof AppError && !SLIP.test(String(error))) return;
    const stack = error instanceof Error ? (error.stack?.split('\n').slice(1, 4).join(' ') ?? '') : '';
    this.violations.push(`${where}: ${String(error)} ${stack}`);
  }
}
