import { useCallback, useEffect, useRef, useState } from 'react';

/** Drafts older than this are thrown away: what they were made of has changed. */
const KEPT_MS = 7 * 86_400_000;

interface Draft<T> {
  readonly savedAtMs: number;
  readonly version: number;
  readonly values: T;
}

/**
 * What was typed into a form and not saved, kept in this browser: a closed tab or an expired session loses nothing. `version`
 * is the document's that the form began with; a draft of another version is still offered, with its age.
 */
export function useDraft<T>(name: string, version: number) {
  const key = `yipan.draft.${name}`;
  const [found, setFound] = useState<Draft<T> | undefined>(() => read<T>(key));
  const timer = useRef<number | undefined>(undefined);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  const keep = useCallback(
    (values: T) => {
      window.clearTimeout(timer.current);
      timer.current = window.setTimeout(() => {
        localStorage.setItem(key, JSON.stringify({ savedAtMs: Date.now(), version, values }));
      }, 300);
    },
    [key, version],
  );
  const drop = useCallback(() => {
    window.clearTimeout(timer.current);
    localStorage.removeItem(key);
    setFound(undefined);
  }, [key]);
  return { found, keep, drop };
}

function read<T>(key: string): Draft<T> | undefined {
  const text = localStorage.getItem(key);
  if (text === null) return undefined;
  try {
    const draft = JSON.parse(text) as Draft<T>;
    return Date.now() - draft.savedAtMs < KEPT_MS ? draft : undefined;
  } catch {
    return undefined;
  }
}
