import { Input } from 'antd';
import { texts, useTexts } from '../../../kit/language';

const TEXTS = texts({ qty: (row: number) => `第 ${row} 行数量` }, { qty: (row: number) => `Quantity of row ${row}` });

/** A quantity as it is typed. Enter and the arrow keys go to the next and the former row, as in a spreadsheet. */
export function QtyInput(props: {
  readonly row: number;
  readonly value: string;
  readonly wrong: boolean;
  readonly onChange: (text: string) => void;
}) {
  const t = useTexts(TEXTS);
  return (
    <Input
      aria-label={t.qty(props.row)}
      aria-invalid={props.wrong}
      className="number"
      inputMode="numeric"
      maxLength={20}
      value={props.value}
      status={props.wrong ? 'error' : ''}
      onChange={(event) => props.onChange(event.target.value)}
      onKeyDown={(event) => {
        const step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (step === undefined) return;
        // Enter would send the whole form.
        event.preventDefault();
        neighbour(event.currentTarget, step)?.focus();
      }}
    />
  );
}

/** The quantity of the row above or below. */
function neighbour(input: HTMLInputElement, step: number): HTMLInputElement | null {
  const row = input.closest('tr');
  const next = step > 0 ? row?.nextElementSibling : row?.previousElementSibling;
  return next?.querySelector<HTMLInputElement>('input[inputmode=numeric]') ?? null;
}
