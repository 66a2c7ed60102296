import type { ReactNode } from 'react';
import { createContext, useContext, useEffect, useMemo, useState } from 'react';

/** Languages of the page: Chinese first, English by a switch. */
export type Language = 'zh' | 'en';

type Text = string | ((...values: never[]) => string);

/** The same texts in both languages; a text that lacks in one does not build. */
export type Texts<T> = Readonly<Record<Language, T>>;

type Loose<T> = { readonly [K in keyof T]: T[K] extends string ? string : T[K] };

/** Texts of a page, beside the page: `texts({ save: '保存' }, { save: 'Save' })`. */
export function texts<T extends Readonly<Record<string, Text>>>(zh: T, en: Loose<T>): Texts<Loose<T>> {
  return { zh: zh as Loose<T>, en };
}

const STORED_AS = 'yipan.language';

const LanguageContext = createContext<{ language: Language; setLanguage: (language: Language) => void }>({
  language: 'zh',
  setLanguage: () => undefined,
});

/** Keeps the chosen language in this browser. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(localStorage.getItem(STORED_AS) === 'en' ? 'en' : 'zh');
  useEffect(() => {
    localStorage.setItem(STORED_AS, language);
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  }, [language]);
  const value = useMemo(() => ({ language, setLanguage }), [language]);
  return <LanguageContext value={value}>{children}</LanguageContext>;
}

export function useLanguage() {
  return useContext(LanguageContext);
}

/** The texts in the language that is switched on. */
export function useTexts<T>(both: Texts<T>): T {
  return both[useLanguage().language];
}
