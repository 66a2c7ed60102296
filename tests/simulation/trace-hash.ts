/**
 * 53 bits over a history (cyrb53): who went on when, which document was saved in which version, and what the shelves show.
 * What the documents say is in it where somebody asks for that: their text costs a tenth of a history's time.
 */
export class TraceHash {
  private high = 0xdeadbeef;
  private low = 0x41c6ce57;

  add(fact: number): void {
    this.high = Math.imul(this.high ^ fact, 0x9e3779b1);
    this.low = Math.imul(this.low ^ fact, 0x5f356495);
  }

  addText(fact: string): void {
    for (let i = 0; i < fact.length; i += 1) this.add(fact.charCodeAt(i));
  }

  text(): string {
    const high =
      Math.imul(this.high ^ (this.high >>> 16), 0x85ebca6b) ^ Math.imul(this.low ^ (this.low >>> 13), 0xc2b2ae35);
    const low =
      Math.imul(this.low ^ (this.low >>> 16), 0x85ebca6b) ^ Math.imul(this.high ^ (this.high >>> 13), 0xc2b2ae35);
    return (4_294_967_296 * (0x1fffff & high) + (low >>> 0)).toString(16).padStart(14, '0');
  }
}
