import { ERRORS } from '../../../../../shared/errors';
import type { Language } from '../../kit/language';

const known = (code: string): { zh: string; en: string } | undefined =>
  code in ERRORS ? ERRORS[code as keyof typeof ERRORS] : undefined;

/** A part that could not be read is answered by its code alone; it is read again by itself with the next update. */
export const ERROR_TEXTS: Record<Language, (code: string) => string> = {
  zh: (code) => `这一部分暂时读不到：${known(code)?.zh ?? '系统内部错误'} [${code}]，将自动重试`,
  en: (code) => `This part cannot be read now: ${known(code)?.en ?? 'a fault of ours'} [${code}]; it is tried again`,
};
