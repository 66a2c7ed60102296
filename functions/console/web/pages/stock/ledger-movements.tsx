import { Button } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import type { LedgerRow, SourceDocument } from '../../../schema/stock';
import { countText } from '../../kit/format';
import { texts, useLanguage, useTexts } from '../../kit/language';
import { documentPath } from '../../kit/paths';
import { MOVEMENT_EN, VOID_WORDS } from './stock-words';

type Movement = LedgerRow['movements'][number];

/** Shown at once; an entry can have 200. */
const SHOWN = 5;

const TEXTS = texts(
  { pieces: (qty: string) => `${qty} 件`, more: (n: number) => `再显示 ${n} 条` },
  { pieces: (qty: string) => `${qty} pcs`, more: (n: number) => `Show ${n} more` },
);

/** Movements of one ledger entry, each with the document that caused it. */
export function LedgerMovements({ movements }: { movements: readonly Movement[] }) {
  const t = useTexts(TEXTS);
  const describe = useMovementText();
  const [all, setAll] = useState(false);
  const shown = all ? movements : movements.slice(0, SHOWN);
  return (
    <>
      {shown.map((movement) => (
        <div key={movement.id} className={movement.void ? 'linked voided' : 'linked'}>
          {describe(movement)} · <Link to={documentPath(movement.document)}>{documentName(movement.document)}</Link>
        </div>
      ))}
      {movements.length > shown.length && (
        <Button type="link" size="small" onClick={() => setAll(true)}>
          {t.more(movements.length - shown.length)}
        </Button>
      )}
    </>
  );
}

/** The movements of an entry as one text, for files. */
export function useMovementsText(): (movements: readonly Movement[]) => string {
  const describe = useMovementText();
  return (movements) => movements.map((m) => `${describe(m)} ${documentName(m.document)}`).join('; ');
}

/** `占用 2 件`, or why it changed nothing. */
function useMovementText(): (movement: Movement) => string {
  const t = useTexts(TEXTS);
  const voidWords = useTexts(VOID_WORDS);
  const { language } = useLanguage();
  return (movement) => {
    const kind = language === 'zh' ? movement.kindText : MOVEMENT_EN[movement.kind];
    return movement.void ? `${kind}（${voidWords[movement.void]}）` : `${kind} ${t.pieces(countText(movement.qty))}`;
  };
}

/** As people call it: an order by its number, ours by their id. */
function documentName(document: SourceDocument): string {
  return document.orderNo ?? document.id;
}
