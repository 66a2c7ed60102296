import { DeleteOutlined, DownloadOutlined, FileOutlined, UploadOutlined } from '@ant-design/icons';
import { Button, Space, Upload } from 'antd';
import type { CheckedSku } from '../../../../schema/stock-check';
import { useConfirm } from '../../../kit/confirm';
import { csvText, readCsv, saveFile } from '../../../kit/csv';
import { texts, useTexts } from '../../../kit/language';
import type { Import } from './import-dialog';
import type { Line } from './line';
import { findRows } from './read-rows';

type Row = Line & { readonly stock: CheckedSku | undefined };

const TEXTS = texts(
  {
    title: '明细',
    import: '导入 CSV',
    template: '下载模板',
    templateFile: '明细模板',
    export: '导出明细',
    clear: '清空明细',
    clearSure: (n: number) => `清空 ${n} 行明细？`,
    sku: '商品编码',
    name: '商品名称',
    qty: '数量',
  },
  {
    title: 'Lines',
    import: 'Import CSV',
    template: 'Template',
    templateFile: 'lines-template',
    export: 'Export the lines',
    clear: 'Clear the lines',
    clearSure: (n: number) => `Clear ${n} lines?`,
    sku: 'SKU',
    name: 'Name',
    qty: 'Quantity',
  },
);

/** Lines into and out of files. An exported file can be imported again. */
export function LinesTools(props: {
  readonly editable: boolean;
  readonly fileName: string;
  readonly rows: readonly Row[];
  readonly onImport: (source: Import) => void;
  readonly onClear: () => void;
}) {
  const t = useTexts(TEXTS);
  const confirm = useConfirm();
  const columns = [
    { title: t.sku, value: ({ skuId }: Row) => skuId, text: true },
    { title: t.qty, value: ({ qtyText }: Row) => qtyText },
    { title: t.name, value: ({ stock }: Row) => stock?.title },
  ];
  const read = async (file: File): Promise<void> => {
    const cells = await readCsv(file);
    props.onImport({ fileName: file.name, rows: findRows(cells) });
  };
  const clear = (): void =>
    confirm({
      ...{ title: t.clearSure(props.rows.length), ok: t.clear, danger: true },
      act: () => {
        props.onClear();
        return undefined;
      },
    });
  return (
    <div className="list-tools">
      <h2 className="flush">{t.title}</h2>
      <Space wrap>
        {props.editable && (
          <>
            <Upload
              accept=".csv,.txt"
              showUploadList={false}
              beforeUpload={(file) => {
                void read(file);
                return false;
              }}
            >
              <Button icon={<UploadOutlined />}>{t.import}</Button>
            </Upload>
            <Button
              icon={<FileOutlined />}
              onClick={() => saveFile(`${t.templateFile}.csv`, csvText(columns.slice(0, 2), []))}
            >
              {t.template}
            </Button>
          </>
        )}
        <Button
          icon={<DownloadOutlined />}
          disabled={props.rows.length === 0}
          onClick={() => saveFile(`${props.fileName}.csv`, csvText(columns, props.rows))}
        >
          {t.export}
        </Button>
        {props.editable && (
          <Button icon={<DeleteOutlined />} disabled={props.rows.length === 0} onClick={clear}>
            {t.clear}
          </Button>
        )}
      </Space>
    </div>
  );
}
