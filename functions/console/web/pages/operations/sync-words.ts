import type { SyncRecord } from '../../../../../shared/domain/sync/sync-record';
import { SYNC_STATUS_ZH } from '../../../../../shared/domain/sync/sync-record';
import type { Language } from '../../kit/language';
import type { Tone } from '../../kit/status-tag';

type SyncStatus = SyncRecord['status'];

export const SYNC_STATUS: Record<Language, Record<SyncStatus, string>> = {
  zh: SYNC_STATUS_ZH,
  en: {
    'in-flight': 'Being pushed',
    pushed: 'Pushed',
    shown: 'Shown already',
    failed: 'Failed',
    unknown: 'Outcome unknown',
  },
};

export const SYNC_TONE: Record<SyncStatus, Tone> = {
  'in-flight': 'busy',
  pushed: 'good',
  shown: 'good',
  failed: 'bad',
  unknown: 'wait',
};

/** 850 ms, 2.4 s, 3 min: how long a push took. */
export function durationText(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  return `${Math.round(ms / 60_000)} min`;
}
