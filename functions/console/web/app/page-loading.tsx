import { Skeleton } from 'antd';

/** While the code of a page is fetched. */
export function PageLoading() {
  return <Skeleton active paragraph={{ rows: 8 }} />;
}
