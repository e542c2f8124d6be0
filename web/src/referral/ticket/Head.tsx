/** The sticky head of a ticket: who, how ill, from where to where, what it waits for. */
import { useTranslation } from "react-i18next";
import type { ReferralDetail } from "../../api/types.ts";
import { AssistanceTags } from "../../ui/AssistanceTags.tsx";
import { PatientName } from "../../ui/Patient.tsx";
import { TriagePlate } from "../../ui/Plate.tsx";
import { levelOf } from "../model/stage.ts";
import { GreenTag } from "./tags.tsx";
import { HeadClock } from "./TicketClock.tsx";

function Line({ ticket }: { ticket: ReferralDetail }) {
  const { t } = useTranslation();
  const to = [ticket.to?.name ?? ticket.outside_name, ticket.department].filter(Boolean).join(" ");
  const by = ticket.events.find(({ name }) => name === "sent")?.actor?.name ?? "";
  const diagnosis = [ticket.diagnosis.name, ticket.diagnosis.code].filter(Boolean).join(" ");
  return (
    <span className="s13 sub">
      {t("referral.head", {
        direction: t(`referral.direction.${ticket.direction}`),
        number: ticket.number,
        from: [ticket.from.name, by].filter(Boolean).join(" "),
        to,
      })}
      {diagnosis !== "" && ` · ${diagnosis}`}
    </span>
  );
}

export function Head({ ticket }: { ticket: ReferralDetail }) {
  return (
    <header className="tk-head">
      <TriagePlate level={levelOf(ticket)} size="large" />
      <div className="tk-head-words">
        <div className="row wrap">
          <h2 className="tk-name">
            <PatientName patient={ticket.patient} size="head" />
          </h2>
          {ticket.patient?.masked_id && <span className="s13 sub nw">{ticket.patient.masked_id}</span>}
          <GreenTag ticket={ticket} />
          <AssistanceTags patient={ticket.patient} />
        </div>
        <Line ticket={ticket} />
      </div>
      <span className="sp" />
      <HeadClock ticket={ticket} />
    </header>
  );
}
