import { Form, Input, InputNumber, Switch } from 'antd';
import type { ZodType } from 'zod';
import { texts, useLanguage, useTexts } from '../../kit/language';
import { zodRule } from '../../kit/zod-rule';

const TEXTS = texts({ name: '策略名称', priority: '优先级' }, { name: 'Name', priority: 'Priority' });

const SAYS = {
  name: { zh: '必填，最多 200 个字符', en: 'Needed, 200 characters at most' },
  priority: { zh: '0 到 1000000 的整数', en: 'A whole number from 0 to 1,000,000' },
} as const;

/** The first row of every strategy's form: its name, and the switch that puts it in force. */
export function NameAndSwitch({ schema, enabled }: { readonly schema: ZodType; readonly enabled: string }) {
  const t = useTexts(TEXTS);
  const { language } = useLanguage();
  return (
    <div className="form-row">
      <Form.Item label={t.name} name="name" required rules={[zodRule(schema, SAYS.name, language)]}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item label={enabled} name="enabled" valuePropName="checked" className="narrow">
        <Switch />
      </Form.Item>
    </div>
  );
}

/** Which strategy decides where several apply; `hint` says what 'apply' means here. */
export function Priority({ schema, hint }: { readonly schema: ZodType; readonly hint: string }) {
  const t = useTexts(TEXTS);
  const { language } = useLanguage();
  return (
    <Form.Item label={t.priority} name="priority" extra={hint} rules={[zodRule(schema, SAYS.priority, language)]}>
      <InputNumber min={0} max={1_000_000} precision={0} className="number-field" />
    </Form.Item>
  );
}
