/** The same tickets in seven columns; letting one go in another asks only for what that step needs. */
import { useQuery } from "@tanstack/react-query";
import { Segmented, Select, Switch } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { referrals } from "../../api/resources/referrals.ts";
import { useUser } from "../../api/resources/session.ts";
import type { Referral } from "../../api/types.ts";
import { ProblemCard } from "../../ui/ProblemNote.tsx";
import { SkeletonRows } from "../../ui/Skeletons.tsx";
import { Alarm } from "../alarm/Alarm.tsx";
import {
  BOARD_STATES,
  cardsOf,
  COLUMNS,
  entryOf,
  isShown,
  type BoardFilter,
  type ColumnName,
} from "../model/columns.ts";
import { departmentsOf } from "../model/order.ts";
import { LazySheet } from "../ticket/LazySheet.tsx";
import { Moved } from "../ticket/Moved.tsx";
import { useActing } from "../ticket/useActing.ts";
import { ViewSwitch } from "../ViewSwitch.tsx";
import { Face } from "./Card.tsx";
import { Column } from "./Column.tsx";
import "./kanban.css";
import { useCarry, type Carried } from "./useCarry.ts";
import { useEntryWords } from "./useEntryWords.ts";

interface FilterProps {
  readonly filter: BoardFilter;
  readonly departments: readonly string[];
  readonly closed: number;
  readonly onChange: (changed: Partial<BoardFilter>) => void;
}

function Filters({ filter, departments, closed, onChange }: FilterProps) {
  const { t } = useTranslation();
  const me = useUser().id;
  return (
    <div className="kb-filters">
      <ViewSwitch view="board" />
      <Segmented
        aria-label={t("referral.directionOf")}
        value={filter.direction}
        options={(["up", "down", "all"] as const).map((value) => ({
          value,
          label: value === "all" ? t("referral.allDirections") : t(`referral.direction.${value}`),
        }))}
        onChange={(direction) => {
          onChange({ direction });
        }}
      />
      <Select
        aria-label={t("referral.department")}
        value={filter.department}
        style={{ minWidth: 132 }}
        options={[
          { value: "", label: t("referral.allDepartments") },
          ...departments.map((value) => ({ value, label: value })),
        ]}
        onChange={(department) => {
          onChange({ department });
        }}
      />
      <span className="row">
        <Switch
          aria-label={t("referral.mine")}
          checked={filter.handler !== ""}
          onChange={(mine) => {
            onChange({ handler: mine ? me : "" });
          }}
        />
        <span className="s13">{t("referral.mine")}</span>
      </span>
      <span className="sp" />
      <span className="s13 mut kb-hint">{t("referral.boardHint")}</span>
      <Link to="/referrals?box=closed" className="s13">
        {t("referral.closedCount", { count: closed })}
      </Link>
    </div>
  );
}

/** What happens under the hand, for those who do not see it. */
function Spoken({ carried }: { carried: Carried | null }) {
  const { t } = useTranslation();
  const wordsOf = useEntryWords();
  const column = COLUMNS.find(({ name }) => name === carried?.over);
  const saying = () => {
    if (carried === null || column === undefined) return "";
    const name = t(`referral.column.${column.name}`);
    const entry = entryOf(column, carried.ticket);
    if (entry.kind === "here") return t("referral.carried", { who: carried.ticket.patient?.name ?? "", column: name });
    if (entry.kind === "not") return t("referral.refusedWay", { name, why: wordsOf(carried.ticket, entry) });
    return t("referral.over", { name, what: t(`referral.command.${entry.command.name}`) });
  };
  return (
    <div role="status" className="visually-hidden">
      {saying()}
    </div>
  );
}

function Ghost({ carried }: { carried: Carried | null }) {
  if (carried?.by !== "pointer") return null;
  return (
    <div className="kb-ghost" aria-hidden="true" style={{ left: carried.x, top: carried.y }}>
      <Face ticket={carried.ticket} />
    </div>
  );
}

function useBoard() {
  const [filter, setFilter] = useState<BoardFilter>({ direction: "all", department: "", handler: "" });
  const list = useQuery(referrals.list({ state: BOARD_STATES, limit: 200 }));
  const queue = useQuery({ ...referrals.queue(), retry: false });
  const all = list.data?.items ?? [];
  return {
    list,
    all,
    filter,
    departments: departmentsOf(all),
    shown: all.filter((ticket) => isShown(ticket, filter)),
    queue: queue.data?.items ?? [],
    change: (changed: Partial<BoardFilter>) => {
      setFilter((before) => ({ ...before, ...changed }));
    },
  };
}

/** Moving a ticket is a command like any other; the hub decides. */
function useMoving(all: readonly Referral[]) {
  const [id, setId] = useState<string | null>(null);
  const ticket = all.find((it) => it.id === id) ?? null;
  const acting = useActing(ticket);
  return {
    ticket,
    acting,
    move: (moved: Referral, to: ColumnName) => {
      const column = COLUMNS.find(({ name }) => name === to);
      const entry = column === undefined ? null : entryOf(column, moved);
      if (entry?.kind !== "may") return;
      setId(moved.id);
      acting.start(entry.command.name, moved);
    },
  };
}

export function KanbanPage() {
  const { t } = useTranslation();
  const board = useBoard();
  const { ticket, acting, move } = useMoving(board.all);
  const carry = useCarry(move);
  const { list } = board;
  if (list.isError)
    return <ProblemCard failure={list.error} safe={t("referral.safe")} onRetry={() => void list.refetch()} />;
  return (
    <div className="kb">
      <Alarm />
      <Filters
        filter={board.filter}
        departments={board.departments}
        closed={list.data?.counts["closed"] ?? 0}
        onChange={board.change}
      />
      {ticket !== null && acting.sheet === null && <Moved failure={acting.failure} ticket={ticket} />}
      {list.data === undefined ? (
        <SkeletonRows rows={6} />
      ) : (
        <div className="kb-columns">
          {COLUMNS.map((column) => (
            <Column
              key={column.name}
              column={column}
              cards={cardsOf(column, board.shown, board.queue)}
              carry={carry}
              onMove={move}
            />
          ))}
        </div>
      )}
      <p id="kb-hint" className="visually-hidden">
        {t("referral.cardHint")}
      </p>
      <Ghost carried={carry.carried} />
      <Spoken carried={carry.carried} />
      {ticket !== null && <LazySheet ticket={ticket} acting={acting} />}
    </div>
  );
}
