/** What the demo has checked so far, said as it goes. */
export class Report {
  private failed = 0;
  private passed = 0;

  constructor(private readonly write: (text: string) => void) {}

  heading(text: string): void {
    this.write(`\n${text}\n`);
  }

  line(text: string): void {
    this.write(`  ${text}\n`);
  }

  /** One step: what was done, what was expected, what was found. */
  step(name: string, done: string, expected: unknown, found: unknown): void {
    const same = JSON.stringify(expected) === JSON.stringify(found);
    if (same) this.passed += 1;
    else this.failed += 1;
    this.write(
      `  ${same ? '✔' : '✘'} ${name}\n      done     ${done}\n      expected ${show(expected)}\n      found    ${show(found)}\n`,
    );
  }

  get failures(): number {
    return this.failed;
  }

  get steps(): number {
    return this.passed + this.failed;
  }
}

const show = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
