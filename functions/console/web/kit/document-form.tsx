import { Alert, App, Button, Form, Space, Table } from 'antd';
import type { FormInstance } from 'antd';
import type { ReactNode } from 'react';
import { useEffect, useRef, useState } from 'react';
import { useBlocker } from 'react-router';
import type { ApiError } from './api';
import { useErrorText } from './error-text';
import { ageText } from './format';
import { texts, useLanguage, useTexts } from './language';
import { useAction } from './queries';
import { useDraft } from './use-draft';

interface Conflict {
  readonly presentVersion: number | null;
  /** Not told where that would be a secret or the whole document is one fact. */
  readonly changed?: readonly { readonly member: string; readonly yours: unknown; readonly theirs: unknown }[];
}

const TEXTS = texts(
  {
    save: '保存',
    saved: '已保存',
    cancel: '取消',
    draft: (age: string) => `有一份 ${age} 前未保存的草稿`,
    draftOld: '草稿之后该单据已被修改，请核对',
    restore: '恢复草稿',
    discard: '丢弃草稿',
    conflict: '保存失败：在您编辑期间，他人已修改',
    conflictHint: '下列内容不同。可以用您的内容覆盖，或放弃您的修改、查看最新内容。',
    exists: '没有保存：这个编码已存在',
    existsHint: '它可能就是您刚才的保存，也可能是别人的。要新建，请换一个编码。',
    showExisting: '查看已有的',
    overwrite: '用我的内容覆盖',
    takeTheirs: '查看最新内容',
    member: '内容',
    yours: '您的',
    theirs: '最新的',
    leave: '有未保存的修改，确定离开吗？草稿会保留在本浏览器。',
    stay: '继续编辑',
    go: '离开',
  },
  {
    save: 'Save',
    saved: 'Saved',
    cancel: 'Cancel',
    draft: (age: string) => `There is a draft that was not saved, ${age} old`,
    draftOld: 'The document has been changed since the draft; compare it',
    restore: 'Restore the draft',
    discard: 'Throw it away',
    conflict: 'Not saved: somebody else has changed it while you were editing',
    conflictHint: 'These members differ. Overwrite them with yours, or give up your changes and look at the newest.',
    exists: 'Not saved: there is one with this id already',
    existsHint: 'It may be what you have just saved, or somebody else’s. For a new one take another id.',
    showExisting: 'Show that one',
    overwrite: 'Overwrite with mine',
    takeTheirs: 'Show the newest',
    member: 'Member',
    yours: 'Yours',
    theirs: 'Newest',
    leave: 'There are changes that are not saved. Leave? The draft stays in this browser.',
    stay: 'Go on editing',
    go: 'Leave',
  },
);

interface DocumentFormProps<V extends object> {
  /** Names the draft; one for each document. */
  readonly name: string;
  /** The version that the values were read at; 0 for a new document. */
  readonly version: number;
  readonly initial: V;
  /** Sends the values, read at this version. */
  readonly save: (values: V, version: number) => Promise<unknown>;
  readonly onSaved: () => void;
  /** The person gives up their changes for what somebody else has saved; as `onSaved` if not given. */
  readonly onTheirs?: () => void;
  readonly onCancel?: () => void;
  /** Whether the person may save; without it the form is for reading. */
  readonly editable: boolean;
  readonly children: ReactNode | ((form: FormInstance<V>) => ReactNode);
  readonly saveText?: string;
  /** Another way to save, e.g. as a draft: what it sends otherwise than is typed. */
  readonly otherSave?: { readonly text: string; readonly values: Partial<V> };
  /** Called with each change, for warnings while typing. */
  readonly onValues?: (values: V) => void;
}

/**
 * A form over one versioned document: checks while one types, keeps what is not saved as a draft in this browser, asks before
 * one leaves it, and where somebody else has saved the document meanwhile shows both and lets the person decide.
 */
export function DocumentForm<V extends object>(props: DocumentFormProps<V>) {
  const t = useTexts(TEXTS);
  const { language } = useLanguage();
  const errorText = useErrorText();
  const { modal } = App.useApp();
  const [form] = Form.useForm<V>();
  const draft = useDraft<V>(props.name, props.version);
  const [offered, setOffered] = useState(true);
  const [dirty, setDirty] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [conflict, setConflict] = useState<Conflict | null>(null);
  // Set as soon as a save is answered: what leaves the page then must not be asked.
  const left = useRef(false);

  const save = useAction(({ values, version }: { values: V; version: number }) => props.save(values, version), {
    done: t.saved,
    onDone: () => {
      left.current = true;
      draft.drop();
      setDirty(false);
      props.onSaved();
    },
    onError: (error: ApiError) => {
      if (error.code === 'VERSION_CONFLICT') setConflict(error.facts as unknown as Conflict);
      else setProblem(errorText(error));
      return true;
    },
  });

  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => dirty && !left.current && currentLocation.pathname !== nextLocation.pathname,
  );
  useEffect(() => {
    if (blocker.state !== 'blocked') return;
    modal.confirm({
      title: t.leave,
      okText: t.go,
      cancelText: t.stay,
      onOk: () => blocker.proceed(),
      onCancel: () => blocker.reset(),
    });
  }, [blocker, modal, t]);

  const submit = (values: V, version = props.version): void => {
    setProblem(null);
    setConflict(null);
    save.mutate({ values: { ...props.initial, ...values }, version });
  };

  const submitOther = async (other: Partial<V>): Promise<void> => {
    try {
      submit({ ...(await form.validateFields()), ...other });
    } catch {
      // The fields say what is wrong with them.
    }
  };

  return (
    <Form<V>
      form={form}
      layout="vertical"
      initialValues={props.initial}
      disabled={!props.editable}
      requiredMark
      scrollToFirstError
      onValuesChange={(_changed, values: V) => {
        setDirty(true);
        draft.keep(values);
        props.onValues?.(values);
      }}
      onFinish={(values) => submit(values)}
    >
      {props.editable && offered && draft.found && !dirty && (
        <Alert
          type="info"
          showIcon
          className="form-note"
          title={t.draft(ageText(Date.now() - draft.found.savedAtMs, language))}
          description={draft.found.version === props.version ? undefined : t.draftOld}
          action={
            <Space>
              <Button
                type="primary"
                size="small"
                onClick={() => {
                  form.setFieldsValue(draft.found?.values as Parameters<typeof form.setFieldsValue>[0]);
                  setDirty(true);
                  setOffered(false);
                  props.onValues?.(form.getFieldsValue(true) as V);
                }}
              >
                {t.restore}
              </Button>
              <Button size="small" onClick={draft.drop}>
                {t.discard}
              </Button>
            </Space>
          }
        />
      )}
      {problem !== null && (
        <Alert
          className="form-note"
          type="error"
          showIcon
          title={problem}
          closable={{ onClose: () => setProblem(null) }}
        />
      )}
      {conflict && (
        <Alert
          className="form-note"
          type="warning"
          showIcon
          title={props.version === 0 ? t.exists : t.conflict}
          description={
            <>
              <p>{props.version === 0 ? t.existsHint : t.conflictHint}</p>
              <Table
                size="small"
                pagination={false}
                rowKey="member"
                dataSource={[...(conflict.changed ?? [])]}
                columns={[
                  { title: t.member, dataIndex: 'member' },
                  { title: t.yours, dataIndex: 'yours', render: plain },
                  { title: t.theirs, dataIndex: 'theirs', render: plain },
                ]}
              />
              <Space className="form-note">
                {props.version > 0 && (
                  <Button
                    danger
                    disabled={conflict.presentVersion === null}
                    onClick={() => submit(form.getFieldsValue(true) as V, conflict.presentVersion ?? 0)}
                  >
                    {t.overwrite}
                  </Button>
                )}
                <Button
                  onClick={() => {
                    left.current = true;
                    draft.drop();
                    (props.onTheirs ?? props.onSaved)();
                  }}
                >
                  {props.version === 0 ? t.showExisting : t.takeTheirs}
                </Button>
              </Space>
            </>
          }
        />
      )}
      {typeof props.children === 'function' ? props.children(form) : props.children}
      <Space>
        {props.editable && (
          <Button type="primary" htmlType="submit" loading={save.isPending}>
            {props.saveText ?? t.save}
          </Button>
        )}
        {props.editable && props.otherSave && (
          <Button disabled={save.isPending} onClick={() => void submitOther(props.otherSave?.values ?? {})}>
            {props.otherSave.text}
          </Button>
        )}
        {props.editable && props.onCancel && <Button onClick={props.onCancel}>{t.cancel}</Button>}
      </Space>
    </Form>
  );
}

/** A member as it stands, for people who compare. */
function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
