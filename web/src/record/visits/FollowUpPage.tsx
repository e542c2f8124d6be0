/** `/follow-ups/:id`: one visit, one hand, two minutes; afterwards what follows from it. */
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { Phone } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { civil, daysBetween, instant, now } from "../../api/clock.ts";
import { followUps } from "../../api/resources/follow-ups.ts";
import type { FollowUp } from "../../api/types.ts";
import { PatientName } from "../../ui/Patient.tsx";
import { ProblemCard } from "../../ui/ProblemNote.tsx";
import { RiskTier } from "../../ui/RiskTier.tsx";
import { SkeletonPage } from "../../ui/Skeletons.tsx";
import { Saved } from "./Saved.tsx";
import { VisitOpen } from "./VisitOpen.tsx";
import "./visits.css";

/** The last visit that measured something, of the same patient. */
function usePrevious({ id, patient }: FollowUp): FollowUp | null {
  const { data } = useQuery({
    ...followUps.list({ patient: patient?.id ?? "", state: "done", limit: 20 }),
    enabled: patient !== null,
  });
  const done = data?.items.filter((it) => it.id !== id && typeof it.form?.["systolic"] === "number") ?? [];
  return done.toSorted((a, b) => (b.done_at ?? "").localeCompare(a.done_at ?? ""))[0] ?? null;
}

function Last({ visit }: { visit: FollowUp }) {
  const { t } = useTranslation();
  const previous = usePrevious(visit);
  if (previous === null) return null;
  const { systolic, diastolic } = previous.form ?? {};
  const missed = previous.assessment?.controlled === false;
  return (
    <span className="sub">
      {t(missed ? "visits.lastMissed" : "visits.last", { pressure: `${String(systolic)}/${String(diastolic)}` })}
    </span>
  );
}

function Whom({ visit }: { visit: FollowUp }) {
  const { t, i18n } = useTranslation();
  const { patient, due_at: due } = visit;
  const late = daysBetween(instant(due), now());
  return (
    <section className="card vs-card">
      <div className="row wrap">
        {patient !== null && (
          <Link to={`/patients/${patient.id}`} className="vs-name">
            <PatientName patient={patient} size="head" />
          </Link>
        )}
        <span className="sp" />
        <RiskTier tier={visit.tier} />
      </div>
      <div className="row wrap">
        <span className="sub">{i18n.language === "en" ? visit.words.en : visit.words.zh}</span>
        <span className={visit.overdue ? "overc" : "sub"}>
          {visit.overdue && late > 0 ? t("visits.late", { days: late }) : t("visits.due", { date: civil(due).date })}
        </span>
        <Last visit={visit} />
        <span className="sp" />
        {patient?.phone != null && (
          <Button icon={<Phone aria-hidden="true" />} href={`tel:${patient.phone}`}>
            {t("visits.callPatient")}
          </Button>
        )}
      </div>
    </section>
  );
}

/** Stays with the form after saving: the answer says what follows, and then the visit itself is no longer open. */
function Body({ visit }: { visit: FollowUp }) {
  const [wasOpen] = useState(visit.state === "open");
  if (wasOpen) return <VisitOpen visit={visit} />;
  return <Saved name={visit.patient?.name ?? ""} assessment={visit.assessment} drafted={null} />;
}

export function FollowUpPage() {
  const { id = "" } = useParams();
  const visit = useQuery(followUps.detail(id));
  if (visit.isPending) return <SkeletonPage />;
  if (visit.isError) return <ProblemCard failure={visit.error} onRetry={() => void visit.refetch()} />;
  return (
    <div className="vs col g12">
      <Whom visit={visit.data} />
      <Body key={id} visit={visit.data} />
    </div>
  );
}
