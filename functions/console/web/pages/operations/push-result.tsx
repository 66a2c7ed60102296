import type { SyncRecordView } from '../../../schema/sync';
import { countText, timeText } from '../../kit/format';
import { texts, useTexts } from '../../kit/language';
import { durationText } from './sync-words';

const TEXTS = texts(
  {
    set: (qty: string) => `设为 ${qty}`,
    add: (qty: string) => `增减 ${qty}`,
    shows: (qty: string) => `平台显示 ${qty}`,
    took: (duration: string) => `用时 ${duration}`,
    retry: (at: string) => `${at} 后重试`,
    person: '不会自动重试，需要人工处理',
    recheck: (at: string) => `${at} 再次核对`,
    times: (n: number) => `连续失败 ${n} 次`,
    read: '已读回，平台库存已一致，无需写入',
    suspect: (qty: string) => `读回 ${qty}，少于应有数量，稍后再核对`,
  },
  {
    set: (qty: string) => `set to ${qty}`,
    add: (qty: string) => `changed by ${qty}`,
    shows: (qty: string) => `the platform shows ${qty}`,
    took: (duration: string) => `took ${duration}`,
    retry: (at: string) => `again from ${at} on`,
    person: 'is not tried again by itself; a person must help',
    recheck: (at: string) => `looked at again at ${at}`,
    times: (n: number) => `failed ${n} times in a row`,
    read: 'read back; the platform shows it already, nothing was written',
    suspect: (qty: string) => `read back as ${qty}, fewer than counted; looked at again later`,
  },
);

/** What became of a push, as parts of a sentence; the first is the outcome. */
export function usePushText(): (record: SyncRecordView) => string {
  const t = useTexts(TEXTS);
  return (record) => {
    const { write, failure, status } = record;
    const parts: string[] = [];
    if (failure) parts.push(`${failure.code}: ${failure.message}`);
    if (record.failures > 1) parts.push(t.times(record.failures));
    if (status === 'failed') parts.push(record.retryAtMs === null ? t.person : t.retry(timeText(record.retryAtMs)));
    if (write) parts.push(write.mode === 'set' ? t.set(countText(write.qty)) : t.add(signed(write.qty)));
    else if (status === 'shown') parts.push(t.read);
    if (record.suspectQty !== null) parts.push(t.suspect(countText(record.suspectQty)));
    else if (record.shownQty !== null && write) parts.push(t.shows(countText(record.shownQty)));
    if (record.finishedAtMs !== null) parts.push(t.took(durationText(record.finishedAtMs - record.createdAtMs)));
    if (record.recheckAtMs !== null) parts.push(t.recheck(timeText(record.recheckAtMs)));
    return parts.join(' · ');
  };
}

function signed(qty: number): string {
  return qty < 0 ? `−${countText(-qty)}` : `+${countText(qty)}`;
}
