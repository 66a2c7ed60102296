/** 53 bits over every line of a history (cyrb53): equal hashes mean equal histories. Cheap, since each step adds a line. */
export class TraceHash {
  private high = 0xdeadbeef;
  private low = 0x41c6ce57;

  add(atMs: number, line: string): void {
    this.mix(atMs >>> 0);
    for (let i = 0; i < line.length; i += 1) this.mix(line.charCodeAt(i));
  }

  text(): string {
    const high =
      Math.imul(this.high ^ (this.high >>> 16), 0x85ebca6b) ^ Math.imul(this.low ^ (this.low >>> 13), 0xc2b2ae35);
    const low =
      Math.imul(this.low ^ (this.low >>> 16), 0x85ebca6b) ^ Math.imul(this.high ^ (this.high >>> 13), 0xc2b2ae35);
    return (4_294_967_296 * (0x1fffff & high) + (low >>> 0)).toString(16).padStart(14, '0');
  }

  private mix(code: number): void {
    this.high = Math.imul(this.high ^ code, 0x9e3779b1);
    this.low = Math.imul(this.low ^ code, 0x5f356495);
  }
}
