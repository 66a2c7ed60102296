import { EditOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import { texts, useTexts } from '../../../kit/language';
import { SkuPicker } from '../../../kit/sku-picker';

const TEXTS = texts(
  { sku: (row: number) => `第 ${row} 行商品编码`, change: (row: number) => `更换第 ${row} 行的商品` },
  { sku: (row: number) => `SKU of row ${row}`, change: (row: number) => `Change the SKU of row ${row}` },
);

/** A line's SKU; it turns into a field when it is to be changed, so that hundreds of lines stay light. */
export function SkuCell(props: {
  readonly row: number;
  readonly skuId: string;
  readonly onChange: (skuId: string) => void;
}) {
  const t = useTexts(TEXTS);
  const [editing, setEditing] = useState(false);
  if (editing) {
    return (
      <SkuPicker
        label={t.sku(props.row)}
        value={props.skuId}
        onChange={(skuId) => {
          setEditing(false);
          if (skuId !== null) props.onChange(skuId);
        }}
      />
    );
  }
  return (
    <>
      {props.skuId}{' '}
      <Button
        type="text"
        size="small"
        aria-label={t.change(props.row)}
        icon={<EditOutlined />}
        onClick={() => setEditing(true)}
      />
    </>
  );
}
