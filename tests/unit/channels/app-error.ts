import { AppError } from '../../../shared/errors';

/** Code and facts of the AppError that is thrown. */
export function thrownBy(act: () => unknown): Pick<AppError, 'code' | 'facts'> {
  try {
    act();
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, facts: error.facts };
    throw error;
  }
  throw new Error('nothing was thrown');
}
