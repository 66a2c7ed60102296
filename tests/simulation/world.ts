import { InProcessPool } from '../../shared/adapters/in-process/in-process-pool';
import type { Config } from '../../shared/config';
import type { ChannelId, PlatformOrder } from '../../shared/domain/order/platform-order';
import type { ReceivedOrder } from '../../shared/domain/order/received-order';
import type { Shop } from '../../shared/domain/settings';
import type { Run } from '../../shared/platform/define-function';
import { AppError } from '../../shared/errors';
import type { Channel, ListingRef } from '../../shared/ports/channel';
import type { Log, LogFields } from '../../shared/ports/log';
import { checkInvariants } from '../../shared/procedures/check-invariants';
import { keys } from '../../shared/procedures/keys';
import { ADMIN_TOKEN, ConsoleCalls } from './console-calls';
import { SeededRandom } from '../support/seeded-random';
import { stepConfig } from '../support/step-config';
import { BusQueue } from './bus-queue';
import type { Finding, Refs } from './finding';
import { aboutOrder, invariantFinding, refsOf, refsOfKey } from './finding';
import { Faults } from './faults';
import type { PlatformWorld } from './platform';
import { Platform } from './platform';
import type { ChannelView } from './platform-channel';
import { channelTo } from './platform-channel';
import type { HistoryOptions, Plan } from './plan';
import { coverageFaults, isKept } from './platform-truth';
import { nameOf, wordsOf } from './saved-words';
import type { End, Task } from './scheduler';
import { Scheduler } from './scheduler';
import { formerlyWritten, formerSettings } from './former-build';
import { quantityFaults } from './expected-quantities';
import type { Saving, Turn } from './unreliable-ports';
import { SimulatedStore, unreliableBus, unreliablePool } from './unreliable-ports';

/** Of what happens to the whole world. */
const EVERYTHING: Refs = { everything: true };

const START_MS = Date.UTC(2026, 2, 8, 6, 0, 0);

/** A function is killed after this; shorter than the pool's leases. */
const TASK_MS = 60_000;

/** What steps leave of their time: those that sweep, and those that call platforms. */
const SPARE_MS = [10_000, 15_000] as const;

/** What a call with little time has beyond that: some steps, since each takes a ms and others go on in between. */
const LITTLE_MS = 300;

/** A long outage: longer than the stock sweep looks back (150 s, and the lag of the index). */
const DOWN_MS = 400_000;

/** Settings of the product in the histories. */
const CONFIG = stepConfig([{ token: ADMIN_TOKEN, id: 'ops', name: '运营', role: 'admin' }]);
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
  readonly violations: Finding[] = [];
  readonly stats = { tasks: 0, crashed: 0, failed: 0, orders: 0, acknowledged: 0 };
  readonly faults: Faults;
  readonly calls = new ConsoleCalls();
  /** When each shop was last switched on or off. */
  private readonly switchedMs = new Map<string, number>();
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
      (put) => this.onPut(put),
      (what, saved) => this.fault(what, refsOf(saved)),
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

  trace(line: string, about: Refs): void {
    this.scheduler.trace(line, about);
  }

  fault(what: string, about: Refs): void {
    this.violations.push({ what, about });
  }

  private onPut({ key, saved, before, task }: Saving): void {
    this.scheduler.note(`${key.pk}/${key.sk}`, saved?.version ?? 0);
    if (saved && key.pk === 'shop' && (before?.value as Shop | undefined)?.active !== (saved.value as Shop).active)
      this.switchedMs.set(key.sk, this.nowMs());
    if (saved && this.options.hashValues) this.scheduler.note(JSON.stringify(saved), 0);
    if (!this.traced) return;
    if (saved)
      this.trace(`${task} saved ${nameOf(key)} v${saved.version}: ${wordsOf(saved)}`, { ...refsOf(saved), task });
    else this.trace(`${task} conflict ${nameOf(key)}`, { ...refsOfKey(key), task });
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
    this.trace('healed', EVERYTHING);
  }

  /** kill -9 of the one process of the embedded profile: every task, the queue and the pool are gone, for a while. */
  killProcess(random: SeededRandom): void {
    const downMs = random.chance(0.3) ? DOWN_MS : 0;
    this.trace(`the process is killed, ${downMs} ms`, EVERYTHING);
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
    this.trace('the pool is lost', EVERYTHING);
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
    const task = `${name}@${this.stats.tasks}`;
    const body = (of: Task): Promise<T> => step(this.runOf(name, of, config));
    this.scheduler.spawn(task, TASK_MS, body, (end) => {
      if (end.kind === 'crashed') this.stats.crashed += 1;
      if (end.kind === 'failed') this.failed(name, end.error, { task });
      then(end);
    });
  }

  /** Checks what must hold at any moment, or at rest; nobody runs meanwhile. */
  async check(atRest: boolean): Promise<Finding[]> {
    const { now } = this.store;
    const atOnce: Turn = async (_label, act) => act();
    const channels = this.channels(atOnce, CONFIG, { task: '', clock: this });
    const readShown = async (shop: { id: string }, listing: ListingRef): Promise<number> =>
      this.platforms.find(({ shopId }) => shopId === shop.id)?.shelf.shownQty(listing) ?? 0;
    const isSku = (text: string): boolean => now.find(keys.sku(text)) !== undefined;
    const found: Finding[] = [];
    const options = { channels, nowMs: this.nowMs(), atRest, ...(atRest && { readShown }) };
    for await (const violation of checkInvariants(now, options)) found.push(invariantFinding(violation, isSku));
    const shown = atRest ? quantityFaults(now, this.platforms, this.nowMs()) : [];
    return [...found, ...shown, ...coverageFaults(now, this.platforms, this.scheduler.skewMs)];
  }

  /** Whoever acknowledges a change must have stored the order as it was then, or newer. */
  acknowledged({ shopId }: Platform, orderNo: string, modifiedAtMs: number): void {
    const { now } = this.store;
    this.stats.acknowledged += 1;
    if (this.traced)
      this.trace(`${shopId} is told that we have ${orderNo} of ${modifiedAtMs}`, aboutOrder(shopId, orderNo));
    if (isKept(now, shopId, orderNo, modifiedAtMs)) return;
    // A shop that is off takes no orders, and its messages leave the queue; switched on, it pulls what it has missed.
    const shop = now.find<Shop>(keys.shop(shopId));
    const switchedMs = this.switchedMs.get(shopId) ?? 0;
    if (shop?.value.active === false || switchedMs > this.nowMs() - TASK_MS) return;
    const held = now.find<ReceivedOrder>(keys.platformOrder(shopId, orderNo))?.value.modifiedAtMs ?? 'none';
    this.fault(
      `acknowledged and not stored: ${shopId} ${orderNo} of ${modifiedAtMs}, held is ${held}`,
      aboutOrder(shopId, orderNo),
    );
  }

  private channels(
    turn: Turn,
    { channelTimeoutMs: callMs }: Config,
    caller: Pick<ChannelView, 'task' | 'clock'>,
  ): Run['ports']['channels'] {
    const { pageSize } = this.plan;
    const onConfirmed = (platform: Platform, orderNo: string, modifiedAtMs: number): void =>
      this.acknowledged(platform, orderNo, modifiedAtMs);
    const to = (id: ChannelId): Channel => {
      const shops = this.platforms.filter((platform) => platform.id === id);
      return channelTo({ id, shops, ...caller, world: this, pageSize, turn, onConfirmed, callMs });
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
    const clock = this.scheduler.clockOf(task);
    const store = this.store.seenBy(turn, name, task.name);
    const channels = this.channels(turn, config, { task: task.name, clock });
    const hasLittle = faults.happens('littleTime');
    const endsAtMs = hasLittle ? this.nowMs() + random.pick(SPARE_MS) + random.below(LITTLE_MS) : task.deadlineMs;
    return {
      config,
      requestId: task.name,
      remainingMs: () => endsAtMs - this.nowMs(),
      ports: {
        ...{ random, log: this.logOf(task), clock },
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
      if (fields['code'] === 'INTERNAL' || SLIP.test(reason))
        this.fault(`${task.name}: ${event}: ${reason}`, { task: task.name });
    };
    return { info: () => undefined, warn: note, error: note, count: () => undefined, gauge: () => undefined };
  }

  /** A refusal or an outage is part of life, and says so by its code; anything else is a slip of ours. */
  private failed(name: string, error: unknown, about: Refs): void {
    this.stats.failed += 1;
    if (error instanceof AppError && !SLIP.test(String(error))) return;
    const stack = error instanceof Error ? (error.stack?.split('\n').slice(1, 4).join(' ') ?? '') : '';
    this.fault(`${name}: ${String(error)} ${stack}`, about);
  }
}
