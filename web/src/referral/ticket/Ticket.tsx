/** One ticket on the desk: head, way, facts and reason on the left, events and conversation on the right, the bar below. */
import { useQuery } from "@tanstack/react-query";
import type { TextAreaRef } from "antd/es/input/TextArea";
import { UserRound } from "lucide-react";
import type { Ref } from "react";
import { useTranslation } from "react-i18next";
import { referrals } from "../../api/resources/referrals.ts";
import { useUser } from "../../api/resources/session.ts";
import type { ReferralDetail } from "../../api/types.ts";
import { Note } from "../../ui/Note.tsx";
import { ProblemCard } from "../../ui/ProblemNote.tsx";
import { SkeletonPage } from "../../ui/Skeletons.tsx";
import { offered } from "../model/actions.ts";
import { ActionBar } from "./ActionBar.tsx";
import { Attached } from "./Attached.tsx";
import { Calls } from "./Calls.tsx";
import { LazySheet } from "./LazySheet.tsx";
import { Elsewhere } from "./Elsewhere.tsx";
import { Facts, VitalsRow } from "./Facts.tsx";
import { Head } from "./Head.tsx";
import { OutcomeLines, PlanHome } from "./Home.tsx";
import { Talk } from "./Talk.tsx";
import "./ticket.css";
import type { Acting } from "./useActing.ts";
import { Way } from "./Way.tsx";
import { WhyCard } from "./WhyCard.tsx";

interface Props {
  readonly id: string;
  readonly acting: Acting;
  /** Where the conversation is written. */
  readonly field: Ref<TextAreaRef>;
}

/** Somebody else is on it: said, and nothing is locked. */
export function HandledNote({ ticket }: { ticket: ReferralDetail }) {
  const { t } = useTranslation();
  const me = useUser().id;
  const { handler, state } = ticket;
  if (handler === null || handler.id === me || (state !== "received" && state !== "info-needed")) return null;
  return <Note icon={UserRound}>{t("referral.handled", { name: handler.name })}</Note>;
}

export function TicketBody({ ticket, acting }: { ticket: ReferralDetail; acting: Acting }) {
  const why = ticket.explanation;
  const mayOverride = offered(ticket, "override")?.allowed === true;
  return (
    <>
      <HandledNote ticket={ticket} />
      {ticket.direction !== "down" && <VitalsRow ticket={ticket} />}
      {ticket.package !== null && <Facts ticket={ticket} of={ticket.package} />}
      {why !== null && (
        <WhyCard
          ticket={ticket}
          why={why}
          onOverride={
            mayOverride
              ? () => {
                  acting.start("override", ticket);
                }
              : null
          }
        />
      )}
      {ticket.outcome !== null && <OutcomeLines outcome={ticket.outcome} />}
      {ticket.plan !== null && <PlanHome plan={ticket.plan} />}
      <Attached ticket={ticket} />
      <Elsewhere ticket={ticket} />
    </>
  );
}

export function Ticket({ id, acting, field }: Props) {
  const { t } = useTranslation();
  const detail = useQuery(referrals.detail(id));
  if (detail.isPending) return <SkeletonPage />;
  if (detail.isError)
    return <ProblemCard failure={detail.error} safe={t("referral.safe")} onRetry={() => void detail.refetch()} />;
  const ticket = detail.data;
  return (
    <article className="card tk" aria-label={t("referral.ticket", { number: ticket.number })}>
      <Head ticket={ticket} />
      <Way ticket={ticket} />
      <div className="tk-columns">
        <div className="tk-left">
          <TicketBody ticket={ticket} acting={acting} />
        </div>
        <div className="tk-right">
          <h3>{t("referral.talk")}</h3>
          <div className="row wrap">
            <Calls ticket={ticket} />
          </div>
          <Talk ticket={ticket} field={field} />
        </div>
      </div>
      <ActionBar ticket={ticket} acting={acting} />
      <LazySheet ticket={ticket} acting={acting} />
    </article>
  );
}
