/** The referral desk: tickets in the rule's order, the chosen one beside; on the phone one after the other. */
import { useQuery } from "@tanstack/react-query";
import type { TextAreaRef } from "antd/es/input/TextArea";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { mayRun } from "../../api/commands.ts";
import { referrals } from "../../api/resources/referrals.ts";
import type { Referral } from "../../api/types.ts";
import { useKeys } from "../../keys/useKeys.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { ProblemCard } from "../../ui/ProblemNote.tsx";
import { useScreen } from "../../ui/useScreen.ts";
import { Alarm } from "../alarm/Alarm.tsx";
import { PhoneTicket } from "../ticket/PhoneTicket.tsx";
import { Ticket } from "../ticket/Ticket.tsx";
import { useActing } from "../ticket/useActing.ts";
import "./desk.css";
import { ListPane } from "./ListPane.tsx";
import { useDesk, type Desk } from "./useDesk.ts";

/** The ticket that is meant: the detail once it is there, the row until then. */
function useChosen(desk: Desk): Referral | null {
  const detail = useQuery({ ...referrals.detail(desk.chosen ?? ""), enabled: desk.chosen !== null });
  return detail.data ?? desk.rows.find(({ id }) => id === desk.chosen) ?? null;
}

function Split({ desk }: { desk: Desk }) {
  const { t } = useTranslation();
  const field = useRef<TextAreaRef>(null);
  const ticket = useChosen(desk);
  const acting = useActing(ticket);
  // A hand that opens a ticket takes it up: the sender sees who is on it.
  const open = (row: Referral) => {
    desk.select(row);
    if (mayRun(row, "open")) acting.start("open", row);
  };
  useKeys("referral", {
    down: desk.step(1),
    up: desk.step(-1),
    showNew: desk.showNew,
    open: () => {
      if (ticket !== null) open(ticket);
    },
    accept: acting.answer,
    holdBed: () => {
      acting.start("hold-bed");
    },
    message: () => {
      field.current?.focus();
    },
  });
  return (
    <div className="rf-split">
      <ListPane desk={desk} onOpen={open} phone={false} />
      {desk.chosen === null ? (
        <section className="card rf-none">
          <EmptyState title={t("referral.none")} text={t("referral.noneText")} />
        </section>
      ) : (
        <Ticket key={desk.chosen} id={desk.chosen} acting={acting} field={field} />
      )}
    </div>
  );
}

function Phone({ desk }: { desk: Desk }) {
  const { id } = useParams();
  const acting = useActing(null);
  if (id !== undefined) return <PhoneTicket id={id} />;
  return (
    <ListPane
      desk={desk}
      phone
      onOpen={(row) => {
        if (mayRun(row, "open")) acting.start("open", row);
        desk.select(row, false);
      }}
    />
  );
}

export function ReferralsPage() {
  const { t } = useTranslation();
  const phone = useScreen() === "phone";
  const desk = useDesk();
  const { list } = desk;
  if (list.isError)
    return <ProblemCard failure={list.error} safe={t("referral.safe")} onRetry={() => void list.refetch()} />;
  return (
    <div className="rf">
      <Alarm />
      {phone ? <Phone desk={desk} /> : <Split desk={desk} />}
    </div>
  );
}
