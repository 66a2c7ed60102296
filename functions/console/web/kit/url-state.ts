import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';

/** The page's state in its address: what is filtered and where one is can be kept, shared and gone back to. */
export function useUrlState(): {
  state: Readonly<Record<string, string>>;
  /** Sets members; null or '' takes one out. `replace` makes no new step for the browser's back button. */
  set: (changes: Readonly<Record<string, string | null>>, options?: { replace?: boolean }) => void;
} {
  const [params, setParams] = useSearchParams();
  const state = useMemo(() => Object.fromEntries(params), [params]);
  const set = useCallback(
    (changes: Readonly<Record<string, string | null>>, options: { replace?: boolean } = {}) => {
      setParams((before) => {
        const next = new URLSearchParams(before);
        for (const [name, value] of Object.entries(changes)) {
          if (value === null || value === '') next.delete(name);
          else next.set(name, value);
        }
        return next;
      }, options);
    },
    [setParams],
  );
  return { state, set };
}
