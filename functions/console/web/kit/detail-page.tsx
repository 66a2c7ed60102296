import { ArrowLeftOutlined } from '@ant-design/icons';
import { Button, Skeleton, Space } from 'antd';
import type { ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { ErrorView } from './error-view';
import { texts, useTexts } from './language';

const TEXTS = texts({ back: '返回' }, { back: 'Back' });

/** One document: its title, what can be done with it, and its parts; back to where one came from, else to its list. */
export function DetailPage(props: {
  readonly title: ReactNode;
  readonly list: string;
  readonly status?: ReactNode;
  readonly actions?: ReactNode;
  readonly error?: unknown;
  readonly loading?: boolean;
  readonly retry?: () => void;
  readonly children: ReactNode;
}) {
  const t = useTexts(TEXTS);
  const navigate = useNavigate();
  const back = (): void => {
    // The first page of a tab has nothing behind it.
    const index = (window.history.state as { idx?: number } | null)?.idx ?? 0;
    void (index > 0 ? navigate(-1) : navigate(props.list));
  };
  return (
    <section>
      <div className="page-head">
        <Space>
          <Button type="text" aria-label={t.back} icon={<ArrowLeftOutlined />} onClick={back} />
          <h1>{props.title}</h1>
          {props.status}
        </Space>
        <Space wrap>{props.actions}</Space>
      </div>
      {props.error !== null && props.error !== undefined ? (
        <ErrorView error={props.error} {...(props.retry && { retry: props.retry })} />
      ) : props.loading ? (
        <Skeleton active />
      ) : (
        props.children
      )}
    </section>
  );
}
