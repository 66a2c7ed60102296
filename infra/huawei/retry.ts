/** How often and how long a call is tried again; all times in ms. */
export interface Retrying {
  readonly attemptsMax: number;
  readonly firstPauseMs: number;
  readonly pauseMsMax: number;
  readonly random: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** Seven attempts with pauses of 0.25 to 8 s: about 15 s in all, longer than FunctionGraph throttles one client for. */
export const PATIENT: Retrying = {
  attemptsMax: 7,
  firstPauseMs: 500,
  pauseMsMax: 8_000,
  random: Math.random,
  sleep: (ms) => new Promise((wake) => setTimeout(wake, ms)),
};

/** Calls until an attempt succeeds, fails in a way that a repeat cannot cure, or was the last. Pauses double, half of each by chance. */
export async function retrying<T>(
  { attemptsMax, firstPauseMs, pauseMsMax, random, sleep }: Retrying,
  canHelp: (error: unknown) => boolean,
  attempt: () => Promise<T>,
): Promise<T> {
  for (let n = 1; ; n += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (n >= attemptsMax || !canHelp(error)) throw error;
      const pauseMs = Math.min(pauseMsMax, firstPauseMs * 2 ** (n - 1));
      await sleep(pauseMs * (0.5 + random() / 2));
    }
  }
}
