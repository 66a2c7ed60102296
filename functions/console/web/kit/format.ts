import { yuanText } from '../../../../shared/domain/kernel/money';
import { shanghaiText } from '../../../../shared/domain/kernel/time';

/** 2026-11-11 00:00:03, the time in Shanghai; '–' for none. */
export function timeText(atMs: number | null | undefined): string {
  return atMs === null || atMs === undefined ? '–' : shanghaiText(atMs);
}

/** ¥12.30. */
export function moneyText(fen: number): string {
  return yuanText(fen);
}

/** 12,345. */
export function countText(count: number): string {
  return count.toLocaleString('en-US');
}

/** 60% or 33.33%. */
export function percentText(bp: number): string {
  return `${bp / 100}%`;
}

const UNITS = {
  zh: { s: '秒', min: '分钟', h: '小时', d: '天' },
  en: { s: 's', min: 'min', h: 'h', d: 'd' },
} as const;

/** How long ago, in the largest unit that says something: 12 s, 5 min, 3 h, 2 d; 5 分钟 where the language is given as Chinese. */
export function ageText(ms: number, language: 'zh' | 'en' = 'en'): string {
  const unit = UNITS[language];
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 90) return `${seconds} ${unit.s}`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} ${unit.min}`;
  if (seconds < 36 * 3600) return `${Math.round(seconds / 3600)} ${unit.h}`;
  return `${Math.round(seconds / 86_400)} ${unit.d}`;
}
