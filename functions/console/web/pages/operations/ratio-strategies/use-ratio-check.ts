import { useEffect, useState } from 'react';
import type { RatioCheck, RatioWarning } from '../../../../schema/settings';
import { callApi } from '../../../kit/api';
import type { StrategyValues } from './strategy-values';
import { bodyOf, isComplete } from './strategy-values';

/** Pause in typing after which the host is asked. */
const QUIET_MS = 400;

/** What the strategies would oversell if this one were saved, asked while one types. Saves nothing. */
export function useRatioCheck(id: string | undefined, values: StrategyValues): readonly RatioWarning[] {
  const [warnings, setWarnings] = useState<readonly RatioWarning[]>([]);
  useEffect(() => {
    if (!isComplete(values)) {
      setWarnings([]);
      return;
    }
    const stop = new AbortController();
    const timer = setTimeout(() => {
      const body = { ...bodyOf(values, 0), ...(id !== undefined && { id }) };
      callApi<RatioCheck>('POST', '/api/ratio-strategies/check', { body, signal: stop.signal })
        .then((answer) => setWarnings(answer.warnings))
        // A warning that does not come keeps nobody from saving; the save itself warns again.
        .catch(() => undefined);
    }, QUIET_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [id, values]);
  return warnings;
}
