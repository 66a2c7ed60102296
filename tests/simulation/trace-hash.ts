/**
 * 53 bits over the numbers of a history (cyrb53): who went on when, and what was saved. Equal hashes mean equal histories.
 * Takes numbers and not the lines of the trace: those are only written where somebody reads them.
 */
export class TraceHash {
  private high = 0xdeadbeef;
  private low = 0x41c6ce57;

  add(fact: number): void {
    this.high = Math.imul(this.high ^ fact, 0x9e3779b1);
    this.low = Math.imul(this.low ^ fact, 0x5f356495);
  }

  text(): string {
    const high =
      Math.imul(this.high ^ (this.high >>> 16), 0x85ebca6b) ^ Math.imul(this.low ^ (this.low >>> 13), 0xc2b2ae35);
    const low =
      Math.imul(this.low ^ (this.low >>> 16), 0x85ebca6b) ^ Math.imul(this.high ^ (this.high >>> 13), 0xc2b2ae35);
    return (4_294_967_296 * (0x1fffff & high) + (low >>> 0)).toString(16).padStart(14, '0');
  }
}
