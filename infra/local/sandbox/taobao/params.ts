import { isPlatformId } from '../field-reader';
import { beijingMs } from '../platform-time';
import { invalidArgument, missingArgument } from './top-error';

/** Reads the arguments of one call; what is wrong is thrown as TopError 40 or 41. */
export class Params {
  constructor(readonly all: ReadonlyMap<string, string>) {}

  optional(name: string): string | undefined {
    const value = this.all.get(name);
    return value === '' ? undefined : value;
  }

  text(name: string): string {
    const value = this.optional(name);
    if (value === undefined) throw missingArgument(name);
    return value;
  }

  id(name: string): string {
    const value = this.text(name);
    if (!isPlatformId(value)) throw invalidArgument(name, `${name} 必须为数字`);
    return value;
  }

  wholeNumber(name: string, range: { min: number; max: number; fallback?: number }): number {
    const text = this.optional(name) ?? range.fallback?.toString();
    if (text === undefined) throw missingArgument(name);
    const value = /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= range.min && value <= range.max)) {
      throw invalidArgument(name, `${name} 必须在 ${range.min} 到 ${range.max} 之间`);
    }
    return value;
  }

  time(name: string): number {
    const atMs = beijingMs(this.text(name));
    if (atMs === undefined) throw invalidArgument(name, `${name} 格式应为 yyyy-MM-dd HH:mm:ss`);
    return atMs;
  }

  flag(name: string): boolean {
    return this.optional(name) === 'true';
  }

  list(name: string): string[] {
    const names = this.text(name).split(',');
    return names.map((part) => part.trim()).filter((part) => part !== '');
  }
}
