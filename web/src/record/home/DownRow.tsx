/** A patient on the way home, on the desk and in the list; opens the record where he is taken over. */
import { ChevronRight } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Referral } from "../../api/types.ts";
import { PatientName } from "../../ui/Patient.tsx";
import { StageClock } from "../../ui/StageClock.tsx";
import { Tag } from "../../ui/Tag.tsx";
import "./home.css";

export function DownRow({ ticket }: { ticket: Referral }) {
  const { t } = useTranslation();
  const { patient, diagnosis, deadline_at: due } = ticket;
  return (
    <li data-row={ticket.id}>
      <Link to={`/patients/${patient?.id ?? ""}?ticket=${ticket.id}`} className="hm-row">
        <PatientName patient={patient} />
        <span className="s13 sub hm-what">
          {t("township.fromTo", { from: ticket.from.name, what: diagnosis.name || diagnosis.code })}
        </span>
        <Tag tone={ticket.state === "handed-over" ? "due" : "plain"}>{t(`referral.state.${ticket.state}`)}</Tag>
        <span className="sp" />
        {due !== null && <StageClock limit={{ due_at: due, limit_minutes: null, paused_at: ticket.paused_at }} />}
        <ChevronRight aria-hidden="true" />
      </Link>
    </li>
  );
}
