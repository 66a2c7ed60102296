import { useCallback } from 'react';
import { ApiError } from './api';
import { useLanguage } from './language';

/** A sentence for people, with the code that they can quote and where it went wrong. */
export function useErrorText(): (error: unknown) => string {
  const { language } = useLanguage();
  return useCallback((error) => errorText(error, language), [language]);
}

function errorText(error: unknown, language: 'zh' | 'en'): string {
  if (!(error instanceof ApiError)) {
    return language === 'zh' ? `页面出错：${String(error)}` : `the page has failed: ${String(error)}`;
  }
  const { message, messageEn, code } = error.refusal;
  const where = factsText(error.facts, language);
  const sentence = language === 'zh' ? message : messageEn;
  return `${sentence}${where === '' ? '' : language === 'zh' ? `（${where}）` : ` (${where})`} [${code}]`;
}

/** The facts of a refusal that a person can use. */
function factsText(facts: Readonly<Record<string, unknown>>, language: 'zh' | 'en'): string {
  const problems = facts['problems'];
  if (Array.isArray(problems)) return problems.map(String).join(language === 'zh' ? '；' : '; ');
  const reasons = facts['reasons'];
  // Reasons of the audit are written in Chinese; the names of their rules are English.
  if (Array.isArray(reasons)) {
    const said = reasons.map((reason: { text?: unknown; rule?: unknown }) =>
      language === 'zh' ? reason.text : reason.rule,
    );
    return said.map(String).join(language === 'zh' ? '；' : '; ');
  }
  return Object.entries(facts)
    .filter(([name, value]) => !HIDDEN.has(name) && value !== null && value !== '')
    .map(([name, value]) => `${name}: ${valueText(value)}`)
    .join(', ');
}

/** Members that say the same in another form. */
const HIDDEN = new Set(['statusText', 'changed', 'readVersion', 'presentVersion']);

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.slice(0, 10).map(String).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
