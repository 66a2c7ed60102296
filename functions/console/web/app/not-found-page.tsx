import { Button, Result } from 'antd';
import { Link } from 'react-router';
import { texts, useTexts } from '../kit/language';

const TEXTS = texts({ title: '没有这个页面', home: '回到首页' }, { title: 'There is no such page', home: 'Home' });

export function NotFoundPage() {
  const t = useTexts(TEXTS);
  return (
    <Result
      status="404"
      title={t.title}
      extra={
        <Link to="/">
          <Button type="primary">{t.home}</Button>
        </Link>
      }
    />
  );
}
