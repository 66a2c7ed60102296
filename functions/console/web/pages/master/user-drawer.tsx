import { Drawer, Form, Input, Radio, Switch } from 'antd';
import { useMemo } from 'react';
import type * as z from 'zod';
import { ROLES } from '../../../../../shared/domain/user/user';
import { Id, Title } from '../../../schema/common';
import type { SavedUser, UserRow } from '../../../schema/session';
import { callApi } from '../../kit/api';
import { DocumentForm } from '../../kit/document-form';
import { texts, useLanguage, useTexts } from '../../kit/language';
import { zodRule } from '../../kit/zod-rule';
import { ROLE, ROLE_MAY } from './role-names';

type User = z.infer<typeof UserRow>;

const TEXTS = texts(
  {
    create: '新增用户',
    edit: (id: string) => `修改用户 ${id}`,
    id: '用户名',
    idHint: '登录时输入；保存后不能修改',
    name: '姓名',
    nameHint: '写入操作日志',
    role: '角色',
    enabled: '启用',
    enabledHint: '停用后立即退出所有登录',
    oidc: '单点登录标识（sub）',
    oidcHint: '企业单点登录中的用户标识；留空则只用密码登录',
    after: '保存后会显示一次性密码，只显示一次。',
  },
  {
    create: 'Add a user',
    edit: (id: string) => `Edit the user ${id}`,
    id: 'User',
    idHint: 'what they log in by; stays as it is once saved',
    name: 'Name',
    nameHint: 'goes into operation logs',
    role: 'Role',
    enabled: 'Enabled',
    enabledHint: 'a user who is not is logged out everywhere at once',
    oidc: 'Single sign-on subject (sub)',
    oidcHint: 'who they are at the company’s provider; empty where they log in by password only',
    after: 'Saving shows a one-time password, once.',
  },
);

const SAYS = {
  id: { zh: '1 到 80 个字符，不能含 # 和 /', en: '1 to 80 letters, digits, blanks or _-.:@+*&=,()' },
  name: { zh: '必填，最多 200 个字符', en: 'Needed, 200 characters at most' },
} as const;

interface UserValues {
  readonly id: string;
  readonly name: string;
  readonly role: User['role'];
  readonly enabled: boolean;
  readonly oidcSubject: string;
}

/** One user, or a new one, whose one-time password is told by `onPassword`. */
export function UserDrawer(props: {
  readonly row: User | undefined;
  readonly onPassword: (userId: string, password: string) => void;
  readonly onClose: () => void;
}) {
  const t = useTexts(TEXTS);
  const { language } = useLanguage();
  const { row, onClose } = props;
  const initial = useMemo<UserValues>(
    () => ({
      ...{ id: row?.id ?? '', name: row?.name ?? '', role: row?.role ?? 'viewer' },
      ...{ enabled: row?.enabled ?? true, oidcSubject: row?.oidcSubject ?? '' },
    }),
    [row],
  );
  const save = async ({ id, oidcSubject, ...body }: UserValues, version: number): Promise<void> => {
    const subject = oidcSubject.trim();
    const saved = await callApi<z.infer<typeof SavedUser>>('PUT', `/api/users/${encodeURIComponent(id.trim())}`, {
      body: { ...body, oidcSubject: subject === '' ? null : subject, version },
    });
    if (saved.oneTimePassword !== undefined) props.onPassword(saved.id, saved.oneTimePassword);
  };
  return (
    <Drawer open title={row ? t.edit(row.id) : t.create} size={460} onClose={onClose}>
      <DocumentForm<UserValues>
        name={`user.${row?.id ?? 'new'}`}
        version={row?.version ?? 0}
        initial={initial}
        editable
        save={save}
        onSaved={onClose}
        onCancel={onClose}
      >
        <Form.Item label={t.id} name="id" required extra={t.idHint} rules={[zodRule(Id, SAYS.id, language)]}>
          <Input maxLength={80} readOnly={row !== undefined} autoComplete="off" />
        </Form.Item>
        <Form.Item label={t.name} name="name" required extra={t.nameHint} rules={[zodRule(Title, SAYS.name, language)]}>
          <Input maxLength={200} autoComplete="off" />
        </Form.Item>
        <Form.Item label={t.role} name="role">
          <Radio.Group
            vertical
            options={ROLES.map((value) => ({
              value,
              label: (
                <>
                  {ROLE[language][value]} <span className="quiet">{ROLE_MAY[language][value]}</span>
                </>
              ),
            }))}
          />
        </Form.Item>
        <Form.Item label={t.enabled} name="enabled" valuePropName="checked" extra={t.enabledHint}>
          <Switch />
        </Form.Item>
        <Form.Item label={t.oidc} name="oidcSubject" extra={t.oidcHint}>
          <Input maxLength={255} autoComplete="off" />
        </Form.Item>
        {!row && <p className="quiet">{t.after}</p>}
      </DocumentForm>
    </Drawer>
  );
}
