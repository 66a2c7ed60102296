import { DeleteOutlined, UploadOutlined } from '@ant-design/icons';
import { Alert, App, Button, Input, Radio, Space, Table, Upload } from 'antd';
import { useState } from 'react';
import { callApi } from '../../../kit/api';
import { readCsv } from '../../../kit/csv';
import { useErrorText } from '../../../kit/error-text';
import { countText } from '../../../kit/format';
import { texts, useTexts } from '../../../kit/language';
import { SkuPicker } from '../../../kit/sku-picker';
import { skuIdsIn } from './sku-ids-in';

const TEXTS = texts(
  {
    all: '全部商品',
    list: '指定商品',
    pick: '按编码添加商品',
    paste: '粘贴商品编码',
    pasteHint: '每行一个编码，可从 Excel 整列粘贴',
    add: '加入清单',
    csv: '导入 CSV（第一列为编码）',
    count: (n: number, max: number) => `已选 ${n} 个商品（最多 ${max} 个）`,
    sku: '商品编码',
    find: '在清单中查找',
    remove: (id: string) => `移除 ${id}`,
    clear: '清空',
    none: '还没有商品：按编码添加、粘贴或导入 CSV',
    unknown: (n: number) => `${n} 个编码不是已有商品，未加入清单`,
    more: (n: number) => `……另有 ${n} 个`,
    added: (n: number) => `已加入 ${n} 个商品`,
    over: (max: number) => `清单最多 ${max} 个商品，其余未加入`,
  },
  {
    all: 'All SKUs',
    list: 'These SKUs',
    pick: 'Add a SKU by its code',
    paste: 'Paste SKU codes',
    pasteHint: 'One a line; a column of a spreadsheet can be pasted as it is',
    add: 'Add to the list',
    csv: 'Import CSV (codes in the first column)',
    count: (n: number, max: number) => `${n} SKUs chosen (${max} at most)`,
    sku: 'SKU',
    find: 'Find in the list',
    remove: (id: string) => `Remove ${id}`,
    clear: 'Clear',
    none: 'No SKUs yet: add them by code, paste them or import a CSV file',
    unknown: (n: number) => `${n} codes are no SKUs of ours and were not added`,
    more: (n: number) => `… and ${n} more`,
    added: (n: number) => `${n} SKUs added`,
    over: (max: number) => `A list holds ${max} SKUs at most; the rest was not added`,
  },
);

/** Codes that one request checks. */
const CHECKED = 1_000;

/** SKUs of a strategy: all (null) or a list, made by picking, pasting or a file. Only codes that exist get in. */
export function SkuListField(props: {
  readonly value?: readonly string[] | null;
  readonly onChange?: (skuIds: readonly string[] | null) => void;
  readonly disabled?: boolean;
  readonly max: number;
}) {
  const t = useTexts(TEXTS);
  const { message } = App.useApp();
  const errorText = useErrorText();
  const [pasted, setPasted] = useState('');
  const [sought, setSought] = useState('');
  const [unknown, setUnknown] = useState<readonly string[]>([]);
  const [busy, setBusy] = useState(false);
  // Switching to all and back must not lose a list of hundreds.
  const [kept, setKept] = useState<readonly string[]>(props.value ?? []);
  const listed = props.value ?? null;
  const change = (skuIds: readonly string[]): void => {
    setKept(skuIds);
    props.onChange?.(skuIds);
  };

  /** Takes what exists and tells what does not; true where everything was looked at. */
  const add = async (codes: readonly string[]): Promise<boolean> => {
    const before = listed ?? [];
    const fresh = [...new Set(codes)].filter((code) => !before.includes(code));
    setBusy(true);
    try {
      const strangers = new Set<string>();
      for (let at = 0; at < fresh.length; at += CHECKED) {
        const skuIds = fresh.slice(at, at + CHECKED);
        const answer = await callApi<{ unknown: string[] }>('POST', '/api/skus/check', { body: { skuIds } });
        for (const code of answer.unknown) strangers.add(code);
      }
      const known = fresh.filter((code) => !strangers.has(code));
      const room = known.slice(0, Math.max(0, props.max - before.length));
      setUnknown([...strangers]);
      change([...before, ...room]);
      if (room.length < known.length) void message.warning(t.over(props.max), 8);
      else if (room.length > 0) void message.success(t.added(room.length));
      return true;
    } catch (error) {
      void message.error(errorText(error), 8);
      return false;
    } finally {
      setBusy(false);
    }
  };

  return (
    <div className="sku-list">
      <Radio.Group
        disabled={props.disabled ?? false}
        value={listed === null ? 'all' : 'list'}
        options={[
          { value: 'all', label: t.all },
          { value: 'list', label: t.list },
        ]}
        onChange={({ target }) => props.onChange?.(target.value === 'all' ? null : kept)}
      />
      {listed !== null && (
        <>
          {props.disabled !== true && (
            <div className="sku-list-add">
              <Space orientation="vertical" align="start">
                <SkuPicker
                  label={t.pick}
                  value={null}
                  onChange={(skuId) => {
                    if (skuId !== null) void add([skuId]);
                  }}
                />
                <Upload
                  accept=".csv,.txt"
                  showUploadList={false}
                  beforeUpload={(file) => {
                    void readCsv(file).then((rows) => add(skuIdsIn(rows.map(([first = '']) => first).join('\n'))));
                    return false;
                  }}
                >
                  <Button icon={<UploadOutlined />} loading={busy}>
                    {t.csv}
                  </Button>
                </Upload>
              </Space>
              <div>
                <Input.TextArea
                  aria-label={t.paste}
                  placeholder={t.pasteHint}
                  rows={3}
                  value={pasted}
                  onChange={({ target }) => setPasted(target.value)}
                />
                <Button
                  className="below"
                  disabled={pasted.trim() === ''}
                  loading={busy}
                  onClick={() => void add(skuIdsIn(pasted)).then((done) => done && setPasted(''))}
                >
                  {t.add}
                </Button>
              </div>
            </div>
          )}
          {unknown.length > 0 && (
            <Alert
              type="warning"
              showIcon
              className="form-note"
              closable={{ onClose: () => setUnknown([]) }}
              title={t.unknown(unknown.length)}
              description={`${unknown.slice(0, 20).join('、')}${unknown.length > 20 ? t.more(unknown.length - 20) : ''}`}
            />
          )}
          <div className="section-head">
            <span className="quiet">{t.count(listed.length, props.max)}</span>
            <Space>
              {listed.length > 10 && (
                <Input
                  aria-label={t.find}
                  placeholder={t.find}
                  allowClear
                  value={sought}
                  onChange={({ target }) => setSought(target.value)}
                />
              )}
              {listed.length > 0 && props.disabled !== true && <Button onClick={() => change([])}>{t.clear}</Button>}
            </Space>
          </div>
          <Table
            size="small"
            rowKey="id"
            locale={{ emptyText: t.none }}
            dataSource={listed.filter((id) => sought === '' || id.includes(sought.trim())).map((id) => ({ id }))}
            pagination={listed.length > 10 ? { pageSize: 10, showSizeChanger: false, showTotal: countText } : false}
            columns={[
              { title: t.sku, dataIndex: 'id' },
              {
                title: '',
                width: 60,
                render: (_, { id }: { id: string }) =>
                  props.disabled !== true && (
                    <Button
                      type="text"
                      size="small"
                      aria-label={t.remove(id)}
                      icon={<DeleteOutlined />}
                      onClick={() => change(listed.filter((one) => one !== id))}
                    />
                  ),
              },
            ]}
          />
        </>
      )}
    </div>
  );
}
