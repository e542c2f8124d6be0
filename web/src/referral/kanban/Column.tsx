/** One column: how many, in which order, its file, its cards; under a carried ticket it says whether it takes it. */
import { Button } from "antd";
import { Download } from "lucide-react";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { Referral } from "../../api/types.ts";
import { entryOf, type BoardColumn, type ColumnName } from "../model/columns.ts";
import { Card } from "./Card.tsx";
import type { Carried, Carry } from "./useCarry.ts";
import { useEntryWords } from "./useEntryWords.ts";
import { useExport } from "./useExport.ts";

interface Props {
  readonly column: BoardColumn;
  readonly cards: readonly Referral[];
  readonly carry: Carry;
  readonly onMove: (ticket: Referral, column: ColumnName) => void;
}

function lookOf(column: BoardColumn, carried: Carried | null): string {
  if (carried === null) return "kb-column";
  const { kind } = entryOf(column, carried.ticket);
  const over = carried.over === column.name ? " kb-over" : "";
  return `kb-column kb-${kind}${over}`;
}

/** While a ticket is carried: what letting go would do, or why not. */
function Welcome({ column, carried }: { column: BoardColumn; carried: Carried }) {
  const { t } = useTranslation();
  const wordsOf = useEntryWords();
  const entry = entryOf(column, carried.ticket);
  if (entry.kind === "here") return null;
  if (entry.kind === "not") return <p className="kb-why s12">{wordsOf(carried.ticket, entry)}</p>;
  return (
    <p className="kb-drop s13">
      <b>{t("referral.drop", { what: t(`referral.command.${entry.command.name}`) })}</b>
      <span>{t("referral.dropHint")}</span>
    </p>
  );
}

export function Column({ column, cards, carry, onMove }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const exportFile = useExport();
  const { carried } = carry;
  return (
    <section className={lookOf(column, carried)} data-column={column.name} aria-labelledby={id}>
      <header className="kb-head">
        <h2 id={id}>{t(`referral.column.${column.name}`)}</h2>
        <span className="kb-count">{cards.length}</span>
        <span className="sp" />
        <Button
          size="small"
          type="text"
          icon={<Download aria-hidden="true" />}
          aria-label={t("referral.export", { column: t(`referral.column.${column.name}`) })}
          title={t("referral.export", { column: t(`referral.column.${column.name}`) })}
          onClick={() => {
            exportFile(t(`referral.column.${column.name}`), cards);
          }}
        />
      </header>
      <p className="s12 mut kb-order">{t(`referral.columnOrder.${column.name}`)}</p>
      {carried !== null && <Welcome column={column} carried={carried} />}
      <ul className="kb-cards">
        {cards.map((ticket) => (
          <Card key={ticket.id} ticket={ticket} column={column} carry={carry} onMove={onMove} />
        ))}
      </ul>
    </section>
  );
}
