import { useSyncExternalStore } from 'react';

const LITTLE = window.matchMedia('(prefers-reduced-motion: reduce)');

function onChange(changed: () => void): () => void {
  LITTLE.addEventListener('change', changed);
  return () => LITTLE.removeEventListener('change', changed);
}

/** Whether the person has asked their system for little motion: dialogs and lists then open at once. */
export const useLittleMotion = (): boolean => useSyncExternalStore(onChange, () => LITTLE.matches);
