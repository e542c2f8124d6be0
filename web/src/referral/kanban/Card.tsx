/** A ticket as a card: a click opens it, a drag or Enter and the arrows move it, the menu moves it too. */
import { Button, Dropdown } from "antd";
import { Ellipsis, MessageSquare } from "lucide-react";
import type { KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useUser } from "../../api/resources/session.ts";
import type { Referral } from "../../api/types.ts";
import { TriagePlate } from "../../ui/Plate.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { COLUMNS, entryOf, type BoardColumn, type ColumnName } from "../model/columns.ts";
import { levelOf } from "../model/stage.ts";
import { GreenTag, News2Tag, PlaceTag, Route } from "../ticket/tags.tsx";
import { TicketClock } from "../ticket/TicketClock.tsx";
import { useEntryWords } from "./useEntryWords.ts";
import type { Carry } from "./useCarry.ts";

function Tags({ ticket }: { ticket: Referral }) {
  const { t } = useTranslation();
  const me = useUser().id;
  const { handler, news2 } = ticket;
  return (
    <span className="row wrap g4">
      <GreenTag ticket={ticket} />
      <PlaceTag ticket={ticket} />
      {news2 !== null && news2.total >= 5 && <News2Tag ticket={ticket} />}
      {ticket.unopened && <Tag tone="brand">{t("referral.unopened")}</Tag>}
      {handler !== null && handler.id !== me && <Tag>{t("referral.handledBy", { name: handler.name })}</Tag>}
    </span>
  );
}

/** What a card says; the ghost under the pointer says the same. */
export function Face({ ticket }: { ticket: Referral }) {
  const { t } = useTranslation();
  const { last_message: last } = ticket;
  return (
    <>
      <span className="row">
        <TriagePlate level={levelOf(ticket)} />
        <b className="nw">{ticket.patient?.name ?? t("ui.patient.unknown")}</b>
        <span className="sp" />
        <TicketClock ticket={ticket} brief />
      </span>
      <span className="s13 sub">
        <PatientSexAge ticket={ticket} /> <Route ticket={ticket} />
      </span>
      <Tags ticket={ticket} />
      {last !== null && (
        <span className="kb-said s12 mut">
          <MessageSquare aria-hidden="true" />
          {t("referral.said", { name: last.author, text: last.text })}
        </span>
      )}
    </>
  );
}

function PatientSexAge({ ticket: { patient } }: { ticket: Referral }) {
  const { t } = useTranslation();
  if (patient === null) return null;
  return (
    <span className="nw">
      {t(`ui.sex.${patient.sex}`)} {patient.age}
    </span>
  );
}

/** The way without dragging: every column, grey ones with their reason. */
function Ways({ ticket, onMove }: { ticket: Referral; onMove: (column: ColumnName) => void }) {
  const { t } = useTranslation();
  const wordsOf = useEntryWords();
  const items = COLUMNS.flatMap((column) => {
    const entry = entryOf(column, ticket);
    if (entry.kind === "here") return [];
    const name = t(`referral.column.${column.name}`);
    const label = entry.kind === "may" ? name : t("referral.refusedWay", { name, why: wordsOf(ticket, entry) });
    return [{ key: column.name, label, disabled: entry.kind === "not" }];
  });
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items,
        onClick: ({ key }) => {
          const column = COLUMNS.find(({ name }) => name === key);
          if (column !== undefined) onMove(column.name);
        },
      }}
    >
      <Button
        className="kb-menu"
        size="small"
        type="text"
        icon={<Ellipsis aria-hidden="true" />}
        aria-label={t("referral.moveTo", { name: ticket.patient?.name ?? ticket.number })}
      />
    </Dropdown>
  );
}

/** Moves the focus along the cards of this column, or to the first of the next one. */
function focusBeside(event: KeyboardEvent<HTMLElement>): void {
  const card = event.currentTarget;
  const column = card.closest("[data-column]");
  const columns = [...document.querySelectorAll("[data-column]")];
  const own = [...(column?.querySelectorAll<HTMLElement>(".kb-card") ?? [])];
  const step: Readonly<Record<string, () => HTMLElement | null | undefined>> = {
    ArrowDown: () => own[own.indexOf(card) + 1],
    ArrowUp: () => own[own.indexOf(card) - 1],
    ArrowRight: () =>
      columns
        .slice(columns.indexOf(column ?? card) + 1)
        .flatMap((it) => it.querySelector<HTMLElement>(".kb-card") ?? [])[0],
    ArrowLeft: () =>
      columns
        .slice(0, Math.max(0, columns.indexOf(column ?? card)))
        .flatMap((it) => it.querySelector<HTMLElement>(".kb-card") ?? [])
        .at(-1),
  };
  const next = step[event.key]?.();
  if (next === undefined || next === null) return;
  event.preventDefault();
  next.focus();
}

interface Props {
  readonly ticket: Referral;
  readonly column: BoardColumn;
  readonly carry: Carry;
  readonly onMove: (ticket: Referral, column: ColumnName) => void;
}

function useHandKeys({ ticket, column, carry }: Props) {
  const held = carry.carried?.ticket.id === ticket.id;
  return (event: KeyboardEvent<HTMLElement>) => {
    if (event.key === "Enter") {
      event.preventDefault();
      if (held) carry.drop();
      else carry.pick(ticket, column.name);
    } else if (held && (event.key === "ArrowRight" || event.key === "ArrowLeft")) {
      event.preventDefault();
      carry.step(event.key === "ArrowRight" ? 1 : -1);
    } else if (!held) focusBeside(event);
  };
}

export function Card(props: Props) {
  const { ticket, carry, onMove } = props;
  const navigate = useNavigate();
  const onKeyDown = useHandKeys(props);
  const held = carry.carried?.ticket.id === ticket.id;
  return (
    <li className={held ? "kb-slot kb-held" : "kb-slot"}>
      <button
        type="button"
        className="kb-card"
        data-row={ticket.id}
        aria-describedby="kb-hint"
        {...carry.hand(ticket)}
        onKeyDown={onKeyDown}
        onClick={() => {
          if (!carry.wasDragged()) void navigate(`/referrals/${ticket.id}`);
        }}
      >
        <Face ticket={ticket} />
      </button>
      <Ways
        ticket={ticket}
        onMove={(to) => {
          onMove(ticket, to);
        }}
      />
    </li>
  );
}
