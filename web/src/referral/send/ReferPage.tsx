/** `/refer/new`: patient, how ill, pathway, where to, sent. With `ticket=`, the details of one that is on its way. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { Problem } from "../../api/problems.ts";
import { patients } from "../../api/resources/patients.ts";
import { referUp } from "../../api/resources/refer-up.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { ProblemCard } from "../../ui/ProblemNote.tsx";
import { SkeletonPage } from "../../ui/Skeletons.tsx";
import { Choose } from "./Choose.tsx";
import { EditTicket } from "./EditTicket.tsx";
import "./refer.css";
import { ReferForm } from "./ReferForm.tsx";

/** Without a care relation the record stays shut: the lock's own page asks for the reason. */
function Locked({ id }: { id: string }) {
  const { t } = useTranslation();
  return (
    <EmptyState title={t("errors.NO_CARE_RELATION.text")} text={t("errors.NO_CARE_RELATION.next")}>
      <Link to={`/patients/${id}`}>{t("refer.choose.unlock")}</Link>
    </EmptyState>
  );
}

function ForPatient({ id }: { id: string }) {
  const patient = useQuery(patients.detail(id));
  const known = useQuery(referUp.prefill(id));
  const failure = patient.error ?? known.error;
  if (patient.data !== undefined && known.data !== undefined)
    return <ReferForm patient={patient.data} known={known.data} />;
  if (failure instanceof Problem && failure.code === "NO_CARE_RELATION") return <Locked id={id} />;
  if (failure !== null)
    return (
      <ProblemCard
        failure={failure}
        onRetry={() => {
          void patient.refetch();
          void known.refetch();
        }}
      />
    );
  return <SkeletonPage />;
}

export function ReferPage() {
  const [search, setSearch] = useSearchParams();
  const patient = search.get("patient");
  const ticket = search.get("ticket");
  if (ticket !== null) return <EditTicket key={ticket} id={ticket} />;
  if (patient !== null) return <ForPatient key={patient} id={patient} />;
  return (
    <Choose
      onChoose={(id) => {
        setSearch((before) => {
          before.set("patient", id);
          return before;
        });
      }}
    />
  );
}
