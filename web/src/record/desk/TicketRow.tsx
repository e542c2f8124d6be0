/** A patient of ours on the way up: how ill, where to, which bed and until when, whom to call, what is mine to do. */
import { useMutation } from "@tanstack/react-query";
import { Button } from "antd";
import { Ambulance, Bed, Check, Phone, Siren } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { newKey } from "../../api/client.ts";
import { civil } from "../../api/clock.ts";
import { commandOf, mayRun } from "../../api/commands.ts";
import { referrals } from "../../api/resources/referrals.ts";
import type { Referral } from "../../api/types.ts";
import { CommandButton } from "../../ui/CommandButton.tsx";
import { PatientName } from "../../ui/Patient.tsx";
import { TriagePlate, triageOf } from "../../ui/Plate.tsx";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import { StageClock } from "../../ui/StageClock.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { Tracker } from "../../ui/Tracker.tsx";
import { useScreen } from "../../ui/useScreen.ts";
import { ticketSteps } from "./ticketSteps.ts";

function Place({ ticket: { place } }: { ticket: Referral }) {
  const { t } = useTranslation();
  if (place === null) return null;
  const { expires_at: until } = place;
  return (
    <Tag tone={place.hold_id === null ? "line" : "dashed"} icon={place.kind === "bed" ? Bed : Siren}>
      {until === null ? place.label : t("township.heldUntil", { label: place.label, time: civil(until).time })}
    </Tag>
  );
}

function Head({ ticket }: { ticket: Referral }) {
  const { t } = useTranslation();
  const phone = useScreen() === "phone";
  const to = ticket.to?.name ?? ticket.outside_name;
  return (
    <div className="parcel-head">
      <TriagePlate level={triageOf(ticket)} />
      <Link to={`/referrals/${ticket.id}`} className="parcel-link">
        <PatientName patient={ticket.patient} />
      </Link>
      <span className="s13 sub parcel-what">
        {t("township.goesTo", { to, department: ticket.department })} · {ticket.number}
      </span>
      {!phone && <Place ticket={ticket} />}
      {ticket.state === "outcome-sent" && <Tag tone="ok">{t("referral.state.outcome-sent")}</Tag>}
      <span className="sp" />
      {ticket.deadline_at !== null && (
        <StageClock limit={{ due_at: ticket.deadline_at, limit_minutes: null, paused_at: ticket.paused_at }} />
      )}
    </div>
  );
}

function CallButton({ ticket: { place, to } }: { ticket: Referral }) {
  const { t } = useTranslation();
  const phone = [place?.phone, to?.phone].find((each) => each !== undefined && each !== "");
  if (phone === undefined) return null;
  return (
    <Button size="small" icon={<Phone aria-hidden="true" />} href={`tel:${phone.replace(/\s/g, "")}`}>
      {t("township.call", { phone })}
    </Button>
  );
}

/** The command where it may run now: what has to wait is not the desk's to show. */
function allowed(ticket: Referral, name: string) {
  return mayRun(ticket, name) ? commandOf(ticket, name) : null;
}

function Actions({ ticket }: { ticket: Referral }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const depart = useMutation(referrals.command("depart"));
  const close = useMutation(referrals.command("close"));
  const edits = mayRun(ticket, "edit") && ticket.state !== "draft";
  const act = () => ({ id: ticket.id, version: ticket.version, key: newKey() });
  return (
    <div className="actions-bar">
      <CallButton ticket={ticket} />
      {edits && (
        <Button size="small" onClick={() => void navigate(`/refer/new?ticket=${ticket.id}`)}>
          {t("township.edit")}
        </Button>
      )}
      <CommandButton
        command={allowed(ticket, "depart")}
        icon={Ambulance}
        pending={depart.isPending}
        look={{ size: "small", type: "primary" }}
        onRun={() => {
          depart.mutate({ ...act(), vehicle: "" });
        }}
      >
        {t("referral.command.depart")}
      </CommandButton>
      <CommandButton
        command={ticket.state === "outcome-sent" ? allowed(ticket, "close") : null}
        icon={Check}
        pending={close.isPending}
        look={{ size: "small", type: "primary" }}
        onRun={() => {
          close.mutate(act());
        }}
      >
        {t("township.seen")}
      </CommandButton>
      <ProblemNote failure={depart.error ?? close.error} />
    </div>
  );
}

export function TicketRow({ ticket }: { ticket: Referral }) {
  const { t } = useTranslation();
  const phone = useScreen() === "phone";
  const steps = ticketSteps(ticket, t);
  const now = steps.find(({ at }) => at === "now" || at === "returned");
  return (
    <li className="parcel" data-row={ticket.id}>
      <Head ticket={ticket} />
      {ticket.state === "draft" ? (
        <span className="duec s13">{t("township.draft")}</span>
      ) : phone ? (
        <span className="row wrap">
          <span className="brandc">{now?.label}</span>
          <Place ticket={ticket} />
        </span>
      ) : (
        <Tracker steps={steps} />
      )}
      <Actions ticket={ticket} />
    </li>
  );
}
