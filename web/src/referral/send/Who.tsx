/** Whom it is about, how ill, and what is attached already; a ticket on its way is followed instead of written again. */
import { Activity, Check, FileText, Route } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Patient, Prefill } from "../../api/types.ts";
import { Note } from "../../ui/Note.tsx";
import { PatientName } from "../../ui/Patient.tsx";
import { TriagePlate } from "../../ui/Plate.tsx";
import { Tag } from "../../ui/Tag.tsx";
import type { Level } from "./model/written.ts";

function Attached({ known }: { known: Prefill }) {
  const { t } = useTranslation();
  const studies = known.study_uids.length - known.reports.filter(({ study_uid }) => study_uid !== null).length;
  return (
    <>
      {known.reports.slice(0, 2).map((report) => (
        <Tag key={report.id} tone={report.critical ? "over" : "ok"} icon={report.critical ? Activity : Check}>
          {t("refer.who.report", { title: report.title })}
        </Tag>
      ))}
      {known.reports.length > 2 && (
        <Tag icon={FileText}>{t("refer.who.more", { count: known.reports.length - 2 })}</Tag>
      )}
      {studies > 0 && <Tag icon={FileText}>{t("refer.who.studies", { count: studies })}</Tag>}
    </>
  );
}

/** The way on instead of an error: the ticket that is there. */
export function TrackNote({ id, number, draft }: { id: string; number: string; draft: boolean }) {
  const { t } = useTranslation();
  return (
    <Note tone="due" icon={Route}>
      <div className="row wrap">
        <span className="sp">{t(draft ? "refer.track.draft" : "refer.track.moving", { number })}</span>
        <Link to={`/referrals/${id}`} className="rf-way">
          {t(draft ? "refer.track.openDraft" : "refer.track.follow")}
        </Link>
      </div>
    </Note>
  );
}

interface Props {
  readonly patient: Patient;
  readonly known: Prefill;
  readonly level: Level | null;
}

export function Who({ patient, known, level }: Props) {
  const { t } = useTranslation();
  return (
    <section className="card rf-card rf-who">
      <div className="row wrap">
        <TriagePlate level={level} size={level === null ? "row" : "word"} />
        <PatientName patient={patient} size="head" />
        <span className="s13 mut nw">{patient.masked_id}</span>
      </div>
      <div className="row wrap g4">
        <Tag tone={known.allergies === "" ? "plain" : "over"}>
          {known.allergies === "" ? t("refer.who.noAllergies") : t("ui.patient.allergy", { what: known.allergies })}
        </Tag>
        <Attached known={known} />
      </div>
      {known.track !== null && (
        <TrackNote id={known.track.id} number={known.track.number} draft={known.track.state === "draft"} />
      )}
    </section>
  );
}
