/** The time, and waiting for it. Owned by the caller, so that tests and simulations own it too. */
export interface Clock {
  /** Epoch ms UTC. */
  nowMs(): number;
  sleep(ms: number): Promise<void>;
}
