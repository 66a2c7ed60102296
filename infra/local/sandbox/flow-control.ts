/** Calls per app key and second, in fixed windows: what is over the limit is refused until the next second begins. */
export class FlowControl {
  private readonly windows = new Map<string, { second: number; calls: number }>();

  admits(appKey: string, limitPerSecond: number, nowMs: number): boolean {
    if (limitPerSecond === 0) return true;
    const second = Math.floor(nowMs / 1_000);
    const window = this.windows.get(appKey);
    if (window?.second !== second) {
      this.windows.set(appKey, { second, calls: 1 });
      return true;
    }
    window.calls += 1;
    return window.calls <= limitPerSecond;
  }
}
