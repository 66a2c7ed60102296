import { Alert, Button } from 'antd';
import { ApiError } from './api';
import { useErrorText } from './error-text';
import { texts, useTexts } from './language';

const TEXTS = texts(
  { failed: '加载失败', retry: '重试', request: '请求编号' },
  { failed: 'This could not be loaded', retry: 'Try again', request: 'Request' },
);

/** A part of the page that could not be read: why, the code, and a way on. */
export function ErrorView({ error, retry }: { error: unknown; retry?: () => void }) {
  const t = useTexts(TEXTS);
  const errorText = useErrorText();
  const requestId = error instanceof ApiError ? error.refusal.requestId : undefined;
  return (
    <Alert
      type="error"
      showIcon
      title={t.failed}
      description={
        <>
          <div>{errorText(error)}</div>
          {requestId !== undefined && (
            <div className="quiet">
              {t.request}: {requestId}
            </div>
          )}
        </>
      }
      action={retry && <Button onClick={retry}>{t.retry}</Button>}
    />
  );
}
