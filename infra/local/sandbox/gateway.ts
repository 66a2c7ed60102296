import type { GatewayCounters } from './counters';
import type { Dice } from './dice';
import type { Faults } from './faults';
import { touches } from './faults';
import type { FlowControl } from './flow-control';

/** What a gateway call comes to: an answer, or a connection that is held open and never answered. */
export type GatewayReply = { readonly kind: 'answer'; readonly body: string } | { readonly kind: 'hold' };

/** What all gateways share: flow control, faults and counting. */
export interface GatewayDeps {
  readonly nowMs: () => number;
  readonly flow: FlowControl;
  readonly faults: () => Faults;
  readonly dice: Dice;
  readonly counters: GatewayCounters;
  readonly rateLimitPerSecond: number;
}

/** Asked before a call takes effect. */
export function admit(deps: GatewayDeps, appKey: string, method: string): 'ok' | 'limited' | 'failed' {
  const faults = deps.faults();
  const touched = touches(faults, method);
  const limit = (touched ? faults.rateLimitPerSecond : undefined) ?? deps.rateLimitPerSecond;
  if (!deps.flow.admits(appKey, limit, deps.nowMs())) return 'limited';
  return touched && deps.dice.roll('error before apply', faults.errorBeforeApply) ? 'failed' : 'ok';
}

/** Asked after a call took effect: is its answer lost? */
export function losesAnswer(deps: GatewayDeps, method: string): boolean {
  const faults = deps.faults();
  return touches(faults, method) && deps.dice.roll('timeout after apply', faults.timeoutAfterApply);
}
