import { DownloadOutlined } from '@ant-design/icons';
import { Button, Space, Switch } from 'antd';
import { useMemo, useState } from 'react';
import { saveFile } from '../../kit/csv';
import { texts, useTexts } from '../../kit/language';
import { prettyJson } from './pretty-json';

const TEXTS = texts(
  { pretty: '格式化显示', download: '下载原文', text: '原文', notJson: '不是完整的 JSON，按原样显示' },
  { pretty: 'Indented', download: 'Download it', text: 'Text as it came', notJson: 'No whole JSON; shown as it is' },
);

/** Text as a platform sent it, always shown as text; JSON can be indented, which changes none of its numbers. */
export function RawText({ text, fileName }: { text: string; fileName: string }) {
  const t = useTexts(TEXTS);
  const pretty = useMemo(() => prettyJson(text), [text]);
  const [indented, setIndented] = useState(true);
  return (
    <>
      <div className="list-tools">
        <Space>
          <Switch
            aria-label={t.pretty}
            checked={indented && pretty !== undefined}
            disabled={pretty === undefined}
            onChange={setIndented}
          />
          <span>{pretty === undefined ? t.notJson : t.pretty}</span>
        </Space>
        <Button
          size="small"
          icon={<DownloadOutlined />}
          onClick={() => saveFile(`${fileName}.txt`, text, 'text/plain;charset=utf-8')}
        >
          {t.download}
        </Button>
      </div>
      <pre className="pre raw" aria-label={t.text} tabIndex={0}>
        {indented ? (pretty ?? text) : text}
      </pre>
    </>
  );
}
