import type { AllocationStatus } from '../../../../../shared/domain/stock/allocation-order';
import { ALLOCATION_STATUS_ZH } from '../../../../../shared/domain/stock/allocation-order';
import type { MovementKind } from '../../../../../shared/domain/stock/movement';
import type { StockEntryRow } from '../../../schema/stock';
import { ENTRY_STATUS_ZH } from '../../../schema/stock';
import type { Language } from '../../kit/language';
import { texts } from '../../kit/language';
import type { Tone } from '../../kit/status-tag';

export const ALLOCATION_STATUS: Record<Language, Record<AllocationStatus, string>> = {
  zh: ALLOCATION_STATUS_ZH,
  en: { draft: 'Draft', saved: 'Saved', auditing: 'Auditing', audited: 'Audited' },
};

export const ALLOCATION_TONE: Record<AllocationStatus, Tone> = {
  draft: 'off',
  saved: 'wait',
  auditing: 'busy',
  audited: 'good',
};

type EntryStatus = StockEntryRow['status'];

export const ENTRY_STATUS: Record<Language, Record<EntryStatus, string>> = {
  zh: ENTRY_STATUS_ZH,
  en: { posting: 'Posting', posted: 'Posted', refused: 'Not posted' },
};

export const ENTRY_TONE: Record<EntryStatus, Tone> = { posting: 'busy', posted: 'good', refused: 'bad' };

export const ENTRY_TYPE: Record<Language, Record<StockEntryRow['type'], string>> = {
  zh: { receipt: '入库', adjustment: '调整' },
  en: { receipt: 'Receipt', adjustment: 'Adjustment' },
};

/** Kinds of movement in English; Chinese ones come with the API's answer. */
export const MOVEMENT_EN: Record<MovementKind, string> = {
  receipt: 'Receipt',
  'adjustment-in': 'Adjusted up',
  'adjustment-out': 'Adjusted down',
  hold: 'Held',
  release: 'Released',
  ship: 'Shipped',
  'transfer-out': 'Allocated out',
  'transfer-in': 'Allocated in',
};

export const VOID_WORDS = texts(
  { 'lack-of-stock': '作废：库存不足', cancelled: '作废：已取消' },
  { 'lack-of-stock': 'void: too few in stock', cancelled: 'void: cancelled' },
);
