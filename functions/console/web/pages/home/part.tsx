import { Alert } from 'antd';
import type { ReactNode } from 'react';
import { useId } from 'react';
import { ERROR_TEXTS } from './part-error';
import { useLanguage } from '../../kit/language';

/** One part of the home page. Where it could not be read it says so, and the others stay. */
export function Part<T>(props: {
  readonly title: string;
  readonly part: { readonly value: T | null; readonly error: string | null };
  readonly card?: boolean;
  readonly className?: string;
  readonly children: (value: T) => ReactNode;
}) {
  const { language } = useLanguage();
  const heading = useId();
  const { value, error } = props.part;
  const className = [props.card && 'card', props.className].filter((name) => typeof name === 'string').join(' ');
  return (
    <section aria-labelledby={heading} {...(className !== '' && { className })}>
      <h2 id={heading}>{props.title}</h2>
      {value !== null && props.children(value)}
      {value === null && <Alert type="error" showIcon title={ERROR_TEXTS[language](error ?? 'INTERNAL')} />}
    </section>
  );
}
