import { Button, Result } from 'antd';
import { Link } from 'react-router';
import { texts, useTexts } from './language';

const TEXTS = texts(
  { title: '没有这个单据', back: '回到列表' },
  { title: 'There is no such document', back: 'Back to the list' },
);

/** The address names a document that is not there (any more). */
export function MissingDocument({ list }: { list: string }) {
  const t = useTexts(TEXTS);
  return (
    <Result
      status="404"
      title={t.title}
      extra={
        <Link to={list}>
          <Button type="primary">{t.back}</Button>
        </Link>
      }
    />
  );
}
