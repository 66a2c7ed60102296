/** A line of a log, read. */
export type LogLine = Readonly<Record<string, unknown>>;

/** What this process writes to its standard output, kept instead of written, until `end`. */
export class LogLines {
  private readonly written: string[] = [];
  private readonly spy = jest.spyOn(process.stdout, 'write').mockImplementation((part) => {
    this.written.push(String(part));
    return true;
  });

  text(): string {
    return this.written.join('');
  }

  /** Throws where something else than one JSON object a line was written. */
  all(): LogLine[] {
    return this.text()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as LogLine);
  }

  of(event: string): LogLine[] {
    return this.all().filter((line) => line['event'] === event);
  }

  end(): void {
    this.spy.mockRestore();
  }
}
