import { InputNumber } from 'antd';
import { fenFromYuanText } from '../../../../shared/domain/kernel/money';

interface FieldOf<T> {
  readonly id?: string;
  readonly value?: T | null;
  readonly onChange?: (value: T | null) => void;
  readonly disabled?: boolean;
  readonly label?: string;
}

/** What a form and a label give a field. */
const given = <T,>({ id, label, disabled }: FieldOf<T>) => ({
  ...(id !== undefined && { id }),
  ...(label !== undefined && { 'aria-label': label }),
  ...(disabled !== undefined && { disabled }),
});

/** A ratio in % with two decimals; its value is basis points. */
export function RatioField({ max, ...props }: FieldOf<number> & { readonly max: number }) {
  return (
    <InputNumber<number>
      {...given(props)}
      value={typeof props.value === 'number' ? props.value / 100 : null}
      onChange={(percent) => props.onChange?.(percent === null ? null : Math.round(percent * 100))}
      min={0}
      max={max / 100}
      precision={2}
      suffix="%"
      className="number-field"
    />
  );
}

/** An amount in yuan; its value is fen, read from the digits and not through a float. */
export function YuanField(props: FieldOf<number>) {
  return (
    <InputNumber<string>
      {...given(props)}
      stringMode
      value={typeof props.value === 'number' ? (props.value / 100).toFixed(2) : null}
      onChange={(yuan) => props.onChange?.(yuan === null ? null : (fenFromYuanText(yuan) ?? null))}
      min="0"
      precision={2}
      prefix="¥"
      className="number-field"
    />
  );
}
