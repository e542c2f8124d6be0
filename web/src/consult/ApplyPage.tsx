/** `/consults/new?patient=` or `?study=`: the application; what the hub lacks stands beside its field. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { Button, Form } from "antd";
import { UsersRound } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useNavigate, useSearchParams } from "react-router";
import { newKey } from "../api/client.ts";
import { consults } from "../api/resources/consults.ts";
import { patients } from "../api/resources/patients.ts";
import { studies } from "../api/resources/studies.ts";
import { EmptyState } from "../ui/EmptyState.tsx";
import { Panel } from "../ui/Panel.tsx";
import { PatientName } from "../ui/Patient.tsx";
import { ProblemCard, ProblemNote } from "../ui/ProblemNote.tsx";
import { SkeletonRows } from "../ui/Skeletons.tsx";
import { Consent } from "./apply/Consent.tsx";
import { bodyOf, EMPTY, type Written } from "./apply/form.ts";
import { What } from "./apply/What.tsx";
import { Whom } from "./apply/Whom.tsx";
import "./consult.css";

function ApplyForm({ patient, study }: { patient: string; study: string | null }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const apply = useMutation(consults.apply);
  return (
    <Form<Written>
      layout="vertical"
      initialValues={EMPTY}
      onFinish={(written) => {
        apply.mutate(
          { ...bodyOf(written, patient, study), key: newKey() },
          { onSuccess: ({ id }) => void navigate(`/consults/${id}`) },
        );
      }}
    >
      <Whom />
      <What />
      <Consent />
      {study !== null && <p className="s13 sub">{t("consult.apply.studies")}</p>}
      <ProblemNote failure={apply.error} />
      <Button type="primary" htmlType="submit" loading={apply.isPending}>
        {t("consult.apply.submit")}
      </Button>
    </Form>
  );
}

function OfPatient({ id, study }: { id: string; study: string | null }) {
  const { t } = useTranslation();
  const patient = useQuery(patients.detail(id));
  return (
    <div className="co">
      <Panel
        title={t("consult.apply.title")}
        aside={patient.data === undefined ? "" : <PatientName patient={patient.data} />}
      >
        <ApplyForm patient={id} study={study} />
      </Panel>
    </div>
  );
}

function Unknown() {
  const { t } = useTranslation();
  return <EmptyState icon={UsersRound} title={t("consult.apply.choose")} text={t("consult.apply.chooseText")} />;
}

/** A study that is nobody's yet has to be matched first: no consult is asked for about an unknown patient's pictures. */
function OfStudy({ uid }: { uid: string }) {
  const study = useQuery(studies.detail(uid));
  if (study.isPending) return <SkeletonRows rows={8} />;
  if (study.isError) return <ProblemCard failure={study.error} onRetry={() => void study.refetch()} />;
  return study.data.patient === null ? <Unknown /> : <OfPatient id={study.data.patient.id} study={uid} />;
}

export function ApplyPage() {
  const [search] = useSearchParams();
  const patient = search.get("patient");
  const study = search.get("study");
  if (patient !== null) return <OfPatient id={patient} study={study} />;
  return study === null ? <Unknown /> : <OfStudy uid={study} />;
}
