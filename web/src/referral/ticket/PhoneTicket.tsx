/** One ticket on the phone: who and how long, the way, why, and one decision at the bottom. */
import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { TextAreaRef } from "antd/es/input/TextArea";
import { ChevronDown, ChevronUp } from "lucide-react";
import { createPortal } from "react-dom";
import { useTranslation } from "react-i18next";
import { referrals } from "../../api/resources/referrals.ts";
import type { ReferralDetail } from "../../api/types.ts";
import { PatientName } from "../../ui/Patient.tsx";
import { TriagePlate } from "../../ui/Plate.tsx";
import { ProblemCard } from "../../ui/ProblemNote.tsx";
import { SkeletonPage } from "../../ui/Skeletons.tsx";
import { levelOf } from "../model/stage.ts";
import { ActionBar } from "./ActionBar.tsx";
import { Calls } from "./Calls.tsx";
import { LazySheet } from "./LazySheet.tsx";
import { GreenTag, News2Tag, PlaceTag, Route } from "./tags.tsx";
import { Talk } from "./Talk.tsx";
import { TicketBody } from "./Ticket.tsx";
import "./ticket.css";
import { HeadClock } from "./TicketClock.tsx";
import { useActing, type Acting } from "./useActing.ts";
import { Way } from "./Way.tsx";

function TopNumber({ number }: { number: string }) {
  const slot = document.getElementById("top-slot");
  return slot === null ? null : createPortal(<span className="tk-number">{number}</span>, slot);
}

function Who({ ticket }: { ticket: ReferralDetail }) {
  return (
    <section className="card tk-who">
      <div className="row">
        <TriagePlate level={levelOf(ticket)} size="large" />
        <span className="tk-head-words">
          <h2 className="tk-name">
            <PatientName patient={ticket.patient} size="head" />
          </h2>
          <span className="sub">
            <Route ticket={ticket} />
          </span>
        </span>
        <span className="sp" />
        <HeadClock ticket={ticket} />
      </div>
      <div className="row wrap">
        <GreenTag ticket={ticket} />
        <PlaceTag ticket={ticket} />
        <News2Tag ticket={ticket} />
      </div>
      <div className="row wrap tk-calls">
        <Calls ticket={ticket} only={2} />
      </div>
    </section>
  );
}

/** Facts, reason and conversation fold: the decision stays in view. */
function Rest({ ticket, acting }: { ticket: ReferralDetail; acting: Acting }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(true);
  const field = useRef<TextAreaRef>(null);
  return (
    <section className="card tk-rest">
      <button
        type="button"
        className="tk-fold"
        aria-expanded={open}
        onClick={() => {
          setOpen(!open);
        }}
      >
        <h3>{t("referral.details")}</h3>
        <span className="sp" />
        {open ? <ChevronUp aria-hidden="true" /> : <ChevronDown aria-hidden="true" />}
      </button>
      {open && (
        <div className="col g12">
          <TicketBody ticket={ticket} acting={acting} />
          <Talk ticket={ticket} field={field} />
        </div>
      )}
    </section>
  );
}

export function PhoneTicket({ id }: { id: string }) {
  const { t } = useTranslation();
  const detail = useQuery(referrals.detail(id));
  const acting = useActing(detail.data ?? null);
  if (detail.isPending) return <SkeletonPage />;
  if (detail.isError)
    return <ProblemCard failure={detail.error} safe={t("referral.safe")} onRetry={() => void detail.refetch()} />;
  const ticket = detail.data;
  return (
    <div className="tk-phone">
      <TopNumber number={ticket.number} />
      <Who ticket={ticket} />
      <Way ticket={ticket} upright />
      <Rest ticket={ticket} acting={acting} />
      <ActionBar ticket={ticket} acting={acting} phone />
      <LazySheet ticket={ticket} acting={acting} />
    </div>
  );
}
