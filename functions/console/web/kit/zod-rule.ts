import type { FormRule } from 'antd';
import type { ZodType } from 'zod';
import type { Language } from './language';

/** The API's own schema of one member as the rule of its field: what the form lets through, the API takes. */
export function zodRule(schema: ZodType, says: Readonly<Record<Language, string>>, language: Language): FormRule {
  return {
    validator: (_rule, value: unknown) =>
      schema.safeParse(value).success ? Promise.resolve() : Promise.reject(new Error(says[language])),
  };
}
