import { App } from 'antd';
import { useCallback } from 'react';
import { texts, useTexts } from './language';

const TEXTS = texts({ cancel: '取消' }, { cancel: 'Cancel' });

/** Asks before an action that cannot be taken back, in words that say what it will do. */
export function useConfirm() {
  const { modal } = App.useApp();
  const t = useTexts(TEXTS);
  return useCallback(
    (question: {
      title: string;
      content?: string;
      ok: string;
      danger?: boolean;
      act: () => Promise<unknown> | undefined;
    }) => {
      modal.confirm({
        title: question.title,
        content: question.content,
        okText: question.ok,
        cancelText: t.cancel,
        okButtonProps: { danger: question.danger ?? false },
        // The action tells its own failure.
        onOk: async () => question.act()?.catch(() => undefined),
      });
    },
    [modal, t],
  );
}
