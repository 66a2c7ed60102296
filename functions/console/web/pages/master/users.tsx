import { Alert, Button, Space } from 'antd';
import { useState } from 'react';
import type * as z from 'zod';
import { ROLES } from '../../../../../shared/domain/user/user';
import type { UserRow } from '../../../schema/session';
import { useMay, useSession } from '../../app/session';
import { callApi } from '../../kit/api';
import { useConfirm } from '../../kit/confirm';
import { timeText } from '../../kit/format';
import { texts, useLanguage, useTexts } from '../../kit/language';
import { useAction } from '../../kit/queries';
import type { Tone } from '../../kit/status-tag';
import { StatusTag } from '../../kit/status-tag';
import type { WholeColumn } from '../../kit/whole-list';
import { found, WholeList } from '../../kit/whole-list';
import { OneTimePasswordDialog } from './one-time-password';
import { ROLE, ROLE_MAY } from './role-names';
import { UserDrawer } from './user-drawer';

type User = z.infer<typeof UserRow>;

const TEXTS = texts(
  {
    title: '用户与角色',
    adminOnly: '只有管理员可以查看和维护用户',
    id: '用户名',
    name: '姓名',
    role: '角色',
    status: '状态',
    on: '启用',
    off: '停用',
    locked: (at: string) => `登录锁定至 ${at}`,
    password: '密码',
    set: '已设置',
    'one-time': '待首次登录修改',
    none: '未设置',
    oidc: '单点登录标识',
    you: '您',
    edit: '修改',
    editOf: (id: string) => `修改用户 ${id}`,
    reset: '重置密码',
    resetOf: (id: string) => `重置密码：${id}`,
    askReset: (name: string) => `为 ${name} 生成新的一次性密码？`,
    askResetWhy: '原密码立即失效，其所有登录会话结束，登录锁定解除。新密码只显示一次。',
    create: '新增用户',
    roles: '角色说明（从低到高，后者包含前者的权限）',
    empty: '还没有用户：您正在用配置中的令牌访问。新增第一个用户，让每个人用自己的账号登录。',
  },
  {
    title: 'Users and roles',
    adminOnly: 'Only admins see and keep users',
    id: 'User',
    name: 'Name',
    role: 'Role',
    status: 'Status',
    on: 'Enabled',
    off: 'Disabled',
    locked: (at: string) => `Locked until ${at}`,
    password: 'Password',
    set: 'Set',
    'one-time': 'To be changed at the first login',
    none: 'None',
    oidc: 'Single sign-on subject',
    you: 'you',
    edit: 'Edit',
    editOf: (id: string) => `Edit the user ${id}`,
    reset: 'New password',
    resetOf: (id: string) => `New password for ${id}`,
    askReset: (name: string) => `Give ${name} a new one-time password?`,
    askResetWhy:
      'The present password ends at once, and so do all their sessions; a lock is lifted. The new password is shown once.',
    create: 'Add a user',
    roles: 'Roles, from the lowest to the highest; each may do what those before it may',
    empty: 'There are no users yet: you came by a token of the settings. Add one, so that everybody has a login.',
  },
);

const PASSWORD_TONE: Record<User['password'], Tone> = { set: 'good', 'one-time': 'wait', none: 'off' };

/** 用户与角色: who may log in, and as what; only for admins. */
export default function UsersPage() {
  const t = useTexts(TEXTS);
  return useMay('admin') ? <Users /> : <Alert type="warning" showIcon title={t.adminOnly} />;
}

function Users() {
  const t = useTexts(TEXTS);
  const { language } = useLanguage();
  const { user: me } = useSession();
  const confirm = useConfirm();
  const [edited, setEdited] = useState<User | 'new' | null>(null);
  const [given, setGiven] = useState<{ userId: string; password: string } | null>(null);
  const reset = useAction(
    (userId: string) =>
      callApi<{ oneTimePassword: string }>('POST', `/api/users/${encodeURIComponent(userId)}/one-time-password`).then(
        ({ oneTimePassword }) => ({ userId, password: oneTimePassword }),
      ),
    { onDone: setGiven },
  );
  const columns: WholeColumn<User>[] = [
    {
      title: t.id,
      key: 'id',
      by: ({ id }) => id,
      render: (_, { id }) => (
        <>
          {id} {id === me.id && <span className="quiet">({t.you})</span>}
        </>
      ),
      csv: { value: ({ id }) => id },
    },
    {
      title: t.name,
      key: 'name',
      by: ({ name }) => name,
      dataIndex: 'name',
      render: (_, { name }) => <div className="names">{name}</div>,
    },
    {
      title: t.role,
      key: 'role',
      by: ({ role }) => ROLES.indexOf(role),
      render: (_, { role }) => ROLE[language][role],
      csv: { value: ({ role }) => ROLE[language][role] },
    },
    {
      title: t.status,
      key: 'status',
      by: ({ enabled }) => Number(enabled),
      render: (_, { enabled, lockedUntilMs }) => (
        <Space size={4}>
          <StatusTag tone={enabled ? 'good' : 'off'}>{enabled ? t.on : t.off}</StatusTag>
          {lockedUntilMs !== null && <StatusTag tone="bad">{t.locked(timeText(lockedUntilMs))}</StatusTag>}
        </Space>
      ),
      csv: { value: ({ enabled }) => (enabled ? t.on : t.off) },
    },
    {
      title: t.password,
      render: (_, { password }) => <StatusTag tone={PASSWORD_TONE[password]}>{t[password]}</StatusTag>,
      csv: { value: ({ password }) => t[password] },
    },
    {
      title: t.oidc,
      render: (_, { oidcSubject }) => <span className="cut">{oidcSubject ?? '–'}</span>,
      csv: { value: ({ oidcSubject }) => oidcSubject },
    },
    {
      title: '',
      csv: false,
      render: (_, row) => (
        <Space>
          <Button size="small" autoInsertSpace={false} aria-label={t.editOf(row.id)} onClick={() => setEdited(row)}>
            {t.edit}
          </Button>
          <Button
            size="small"
            aria-label={t.resetOf(row.id)}
            onClick={() =>
              confirm({
                title: t.askReset(row.name),
                content: t.askResetWhy,
                ok: t.reset,
                danger: true,
                act: () => reset.mutateAsync(row.id),
              })
            }
          >
            {t.reset}
          </Button>
        </Space>
      ),
    },
  ];
  return (
    <>
      <WholeList<User>
        path="/api/users"
        title={t.title}
        rowKey={({ id }) => id}
        columns={columns}
        filters={[
          { kind: 'text', names: ['user'], label: t.id, matches: ({ id, name }, text) => found(text, id, name) },
          {
            kind: 'select',
            names: ['role'],
            label: t.role,
            options: ROLES.map((value) => ({ value, label: ROLE[language][value] })),
            matches: ({ role }, value) => role === value,
          },
          {
            kind: 'select',
            names: ['enabled'],
            label: t.status,
            options: [
              { value: 'true', label: t.on },
              { value: 'false', label: t.off },
            ],
            matches: ({ enabled }, value) => String(enabled) === value,
          },
        ]}
        actions={
          <Button type="primary" onClick={() => setEdited('new')}>
            {t.create}
          </Button>
        }
        empty={t.empty}
      />
      <section className="card below-list" aria-label={t.roles}>
        <h2>{t.roles}</h2>
        <dl className="roles">
          {ROLES.map((role) => (
            <div key={role}>
              <dt>{ROLE[language][role]}</dt>
              <dd>{ROLE_MAY[language][role]}</dd>
            </div>
          ))}
        </dl>
      </section>
      {edited !== null && (
        <UserDrawer
          key={edited === 'new' ? 'new' : `${edited.id} ${edited.version}`}
          row={edited === 'new' ? undefined : edited}
          onPassword={(userId, password) => setGiven({ userId, password })}
          onClose={() => setEdited(null)}
        />
      )}
      {given && <OneTimePasswordDialog {...given} onClose={() => setGiven(null)} />}
    </>
  );
}
