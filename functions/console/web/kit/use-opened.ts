import { useCallback, useEffect, useState } from 'react';
import { useApi } from './queries';

/**
 * One row of a list as it was when the person opened it: what others save meanwhile must not change the form under their
 * hands. `reopen` reads it anew; `count` changes with it and is meant as the form's key. `missing`: the list has no such row.
 */
export function useOpened<Row>(path: string, find: (rows: readonly Row[]) => Row | undefined, enabled = true) {
  const { data, error, refetch } = useApi<{ rows: readonly Row[] }>(path, {}, { enabled });
  const [opened, setOpened] = useState<{ row: Row; count: number } | undefined>();
  const present = data && find(data.rows);
  useEffect(() => {
    if (present && !opened) setOpened({ row: present, count: 0 });
  }, [present, opened]);
  const reopen = useCallback(async () => {
    const { data: fresh } = await refetch();
    const row = fresh && find(fresh.rows);
    if (row) setOpened((before) => ({ row, count: (before?.count ?? 0) + 1 }));
  }, [refetch, find]);
  return {
    row: opened?.row,
    count: opened?.count ?? 0,
    missing: enabled && data !== undefined && !present && !opened,
    error: opened ? null : error,
    retry: () => void refetch(),
    reopen: () => void reopen(),
  };
}
