import Papa from 'papaparse';

/** A column of an exported file. `text` columns hold numbers too long for Excel's, such as order numbers. */
export interface CsvColumn<Row> {
  readonly title: string;
  readonly value: (row: Row) => string | number | null | undefined;
  readonly text?: boolean;
}

/** Excel takes a file for UTF-8 only where it begins with this mark. */
const BOM = '\uFEFF';

/** Excel rounds numbers beyond 15 digits; a tab behind them makes it keep the text, and is not seen. */
const KEEP_AS_TEXT = '\t';

/** Rows as a CSV file for Excel: UTF-8 with BOM, CRLF, and no cell that a spreadsheet would run as a formula. */
export function csvText<Row>(columns: readonly CsvColumn<Row>[], rows: readonly Row[]): string {
  const body = rows.map((row) =>
    columns.map(({ value, text }) => {
      const cell = value(row) ?? '';
      return text === true && cell !== '' ? `${cell}${KEEP_AS_TEXT}` : cell;
    }),
  );
  // A number is written as it is; only text that begins like a formula is disarmed.
  return (
    BOM +
    Papa.unparse({ fields: columns.map(({ title }) => title), data: body }, { escapeFormulae: true, newline: '\r\n' })
  );
}

/** Hands a file to the browser's downloads. */
export function saveFile(name: string, text: string, type = 'text/csv;charset=utf-8'): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Rows of a CSV file that a person chose: UTF-8, or the GB 18030 that a Chinese Excel saves. Cells are trimmed. */
export async function readCsv(file: Blob): Promise<string[][]> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const { data } = Papa.parse<string[]>(decode(bytes), { skipEmptyLines: 'greedy' });
  return data.map((row) => row.map((cell) => cell.trim()));
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}
