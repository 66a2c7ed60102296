import { InboxOutlined } from '@ant-design/icons';
import { Alert, Button, Modal, Progress, Space, Table, Upload } from 'antd';
import { useState } from 'react';
import { callApi } from '../../kit/api';
import { readCsv } from '../../kit/csv';
import { useErrorText } from '../../kit/error-text';
import { texts, useTexts } from '../../kit/language';
import { queryClient } from '../../kit/queries';
import type { ReadSkus, SkuProblem } from './read-skus';
import { readSkus } from './read-skus';

const TEXTS = texts(
  {
    title: '批量新增商品',
    drop: '点击选择或拖入 CSV 文件',
    hint: '第一列商品编码，第二列商品名称；Excel 另存的 CSV（UTF-8 或 GBK）即可。已有的商品保持不变。',
    ready: (n: number) => `可新增 ${n} 个商品`,
    none: '文件中没有可新增的商品',
    problems: (n: number) => `${n} 行有问题，不会导入`,
    row: '行号',
    id: '商品编码',
    why: '原因',
    'bad-id': '编码为空、过长或含有不允许的字符',
    'no-title': '缺少商品名称',
    'long-title': '商品名称超过 200 个字符',
    twice: '编码在文件中重复，以第一次出现为准',
    start: (n: number) => `新增 ${n} 个商品`,
    close: '完成',
    done: (created: number, existing: number, mapped: number) =>
      `新增 ${created} 个；${existing} 个已存在，保持不变；${mapped} 个平台商品已自动对应`,
    stopped: (sent: number, all: number) => `已处理 ${sent} / ${all} 个后中断，可重新点击继续，不会重复新增`,
    unreadable: '文件无法读取，请另存为 CSV 后重试',
  },
  {
    title: 'Add many SKUs',
    drop: 'Choose a CSV file, or drop it here',
    hint: 'SKU in the first column, title in the second; as a spreadsheet saves it (UTF-8 or GBK). SKUs that exist stay as they are.',
    ready: (n: number) => `${n} SKUs can be added`,
    none: 'There is no SKU in the file that can be added',
    problems: (n: number) => `${n} rows are wrong and are left out`,
    row: 'Row',
    id: 'SKU',
    why: 'Why',
    'bad-id': 'the SKU is empty, too long or has characters that are not allowed',
    'no-title': 'there is no title',
    'long-title': 'the title has more than 200 characters',
    twice: 'it stands in the file twice; the first counts',
    start: (n: number) => `Add ${n} SKUs`,
    close: 'Done',
    done: (created: number, existing: number, mapped: number) =>
      `${created} added; ${existing} existed and stay as they are; ${mapped} listings were mapped by themselves`,
    stopped: (sent: number, all: number) =>
      `It stopped after ${sent} of ${all}; press again to go on, nothing is added twice`,
    unreadable: 'The file cannot be read: save it as CSV and try again',
  },
);

/** SKUs of one request. */
const SENT = 500;

interface Sums {
  readonly created: number;
  readonly existing: number;
  readonly mapped: number;
}

/** Adds the SKUs of a CSV file; tells each row that is none before anything is sent. */
export function SkuBatch({ onClose }: { onClose: () => void }) {
  const t = useTexts(TEXTS);
  const errorText = useErrorText();
  const [read, setRead] = useState<ReadSkus | null>(null);
  const [sent, setSent] = useState<number | null>(null);
  const [result, setResult] = useState<Sums | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const all = read?.skus.length ?? 0;

  const take = async (file: Blob): Promise<void> => {
    setResult(null);
    setProblem(null);
    try {
      setRead(readSkus(await readCsv(file)));
    } catch {
      setProblem(t.unreadable);
    }
  };

  const send = async (): Promise<void> => {
    const skus = read?.skus ?? [];
    let sums: Sums = { created: 0, existing: 0, mapped: 0 };
    setProblem(null);
    setSent(0);
    let at = 0;
    try {
      for (; at < skus.length; at += SENT) {
        const part = await callApi<Sums>('POST', '/api/skus', { body: { skus: skus.slice(at, at + SENT) } });
        sums = {
          created: sums.created + part.created,
          existing: sums.existing + part.existing,
          mapped: sums.mapped + part.mapped,
        };
        setSent(Math.min(at + SENT, skus.length));
      }
      setResult(sums);
    } catch (error) {
      setProblem(`${errorText(error)} ${t.stopped(at, skus.length)}`);
    } finally {
      setSent(null);
      void queryClient.invalidateQueries();
    }
  };

  return (
    <Modal
      open
      title={t.title}
      width={680}
      onCancel={onClose}
      footer={
        <Space>
          <Button onClick={onClose}>{t.close}</Button>
          {!result && (
            <Button type="primary" disabled={all === 0} loading={sent !== null} onClick={() => void send()}>
              {t.start(all)}
            </Button>
          )}
        </Space>
      }
    >
      <Upload.Dragger
        accept=".csv,.txt"
        showUploadList={false}
        beforeUpload={(file) => {
          void take(file);
          return false;
        }}
      >
        <p>
          <InboxOutlined /> {t.drop}
        </p>
        <p className="quiet">{t.hint}</p>
      </Upload.Dragger>
      <div className="batch-result" aria-live="polite">
        {problem !== null && <Alert type="error" showIcon title={problem} />}
        {sent !== null && <Progress percent={Math.round((sent / Math.max(all, 1)) * 100)} status="active" />}
        {result && <Alert type="success" showIcon title={t.done(result.created, result.existing, result.mapped)} />}
        {read && !result && (
          <Alert type={all > 0 ? 'info' : 'warning'} showIcon title={all > 0 ? t.ready(all) : t.none} />
        )}
        {read && read.problems.length > 0 && (
          <>
            <Alert type="warning" showIcon title={t.problems(read.problems.length)} />
            <Table<SkuProblem>
              size="small"
              rowKey="row"
              dataSource={[...read.problems]}
              pagination={read.problems.length > 10 ? { pageSize: 10, showSizeChanger: false } : false}
              columns={[
                { title: t.row, dataIndex: 'row', width: 70, className: 'number' },
                { title: t.id, dataIndex: 'id', render: (id: string) => <span className="cut">{id}</span> },
                { title: t.why, render: (_, { why }) => t[why] },
              ]}
            />
          </>
        )}
      </div>
    </Modal>
  );
}
