/** The green channel at the desk: a sound until somebody answers, and a band for eyes with or without it. */
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { Ambulance, Volume2, VolumeX } from "lucide-react";
import { createPortal } from "react-dom";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { referrals } from "../../api/resources/referrals.ts";
import { hasRole, useUser } from "../../api/resources/session.ts";
import type { Referral } from "../../api/types.ts";
import { CommandButton } from "../../ui/CommandButton.tsx";
import { PatientName } from "../../ui/Patient.tsx";
import { TriagePlate } from "../../ui/Plate.tsx";
import { offered } from "../model/actions.ts";
import { levelOf } from "../model/stage.ts";
import { useScreen } from "../../ui/useScreen.ts";
import { GreenTag, PlaceTag, Route } from "../ticket/tags.tsx";
import { Moved } from "../ticket/Moved.tsx";
import { TicketClock } from "../ticket/TicketClock.tsx";
import { useActing } from "../ticket/useActing.ts";
import "./alarm.css";
import { useAlarm } from "./useAlarm.ts";
import { ringingOf } from "./ringing.ts";

function Sound({ on, onAllow }: { on: boolean; onAllow: () => void }) {
  const { t } = useTranslation();
  const slot = document.getElementById("top-slot");
  const phone = useScreen() === "phone";
  const words = t(on ? "referral.alarm.on" : "referral.alarm.off");
  if (slot === null) return null;
  return createPortal(
    <Button
      size="small"
      className={[on ? "" : "alarm-off", phone ? "alarm-phone" : ""].join(" ")}
      icon={on ? <Volume2 aria-hidden="true" /> : <VolumeX aria-hidden="true" />}
      aria-pressed={on}
      aria-label={words}
      title={t(on ? "referral.alarm.test" : "referral.alarm.blocked")}
      onClick={onAllow}
    >
      {phone ? null : words}
    </Button>,
    slot,
  );
}

function Ringing({ ticket, more }: { ticket: Referral; more: number }) {
  const { t } = useTranslation();
  const acting = useActing(ticket);
  return (
    <section className="alarm" role="alert" aria-label={t("referral.alarm.label")}>
      <Ambulance aria-hidden="true" />
      <TriagePlate level={levelOf(ticket)} />
      <Link to={`/referrals/${ticket.id}`}>
        <PatientName patient={ticket.patient} />
      </Link>
      <GreenTag ticket={ticket} />
      <span className="s13">
        <Route ticket={ticket} />
      </span>
      <PlaceTag ticket={ticket} />
      {more > 0 && <span className="s13">{t("referral.alarm.more", { count: more })}</span>}
      <span className="sp" />
      <TicketClock ticket={ticket} />
      <CommandButton
        command={offered(ticket, "acknowledge")}
        pending={acting.pending !== null}
        onRun={() => {
          acting.start("acknowledge");
        }}
        look={{ type: "primary" }}
      >
        {t("referral.alarm.take")}
      </CommandButton>
      <Moved failure={acting.failure} ticket={ticket} />
    </section>
  );
}

/** Whose duty the green channel is, even while nothing rings. */
const DUTY = ["referral-desk", "consultant", "medical-affairs"] as const;

/** Stands on every page of the desk. */
export function Alarm() {
  const user = useUser();
  const listed = useQuery(referrals.list({ box: "in", limit: 200 }));
  const ringing = ringingOf(listed.data?.items ?? []);
  const [first] = ringing;
  // The phone shows one ticket at a time: its own decision stands below, the band is for the others.
  const { id } = useParams();
  const phone = useScreen() === "phone";
  const banded = ringing.filter((ticket) => !phone || ticket.id !== id);
  const [shown] = banded;
  const { on, allow } = useAlarm(first?.timeline["accepted"] ?? null);
  return (
    <>
      {(first !== undefined || hasRole(user, ...DUTY)) && <Sound key={user.id} on={on} onAllow={allow} />}
      {shown !== undefined && <Ringing key={shown.id} ticket={shown} more={banded.length - 1} />}
    </>
  );
}
