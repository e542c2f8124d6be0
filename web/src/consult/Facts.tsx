/** What is asked, by whom, of whom, and what became of it. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { ConsultDetail } from "../api/types.ts";
import { Panel } from "../ui/Panel.tsx";
import { PatientName } from "../ui/Patient.tsx";
import { When } from "../ui/When.tsx";
import { Print } from "./Print.tsx";
import { spoken } from "./times.ts";

function Fact({ name, children }: { name: string; children: ReactNode }) {
  if (children === "" || children === null) return null;
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

type Application = NonNullable<ConsultDetail["application"]>;

function Consented({ consent }: Pick<Application, "consent">) {
  const { t } = useTranslation();
  if (consent.written) return t("consult.consent.written", { by: consent.by });
  return t("consult.consent.approved", { by: consent.approved_by, reason: consent.approval_reason });
}

function Asked({ application }: { application: Application }) {
  const { t } = useTranslation();
  return (
    <>
      <Fact name={t("consult.fact.purpose")}>{application.purpose}</Fact>
      <Fact name={t("consult.fact.reason")}>{application.reason}</Fact>
      <Fact name={t("consult.fact.complaint")}>{application.chief_complaint}</Fact>
      <Fact name={t("consult.fact.history")}>{application.present_history}</Fact>
      <Fact name={t("consult.fact.summary")}>{application.summary}</Fact>
      <Fact name={t("consult.fact.diagnosis")}>{application.diagnosis.name}</Fact>
      <Fact name={t("consult.fact.results")}>{application.results}</Fact>
      <Fact name={t("consult.fact.treatment")}>{application.treatment}</Fact>
      <Fact name={t("consult.fact.consent")}>
        <Consented consent={application.consent} />
      </Fact>
    </>
  );
}

function Became({ consult }: { consult: ConsultDetail }) {
  const { t, i18n } = useTranslation();
  const { adoption } = consult;
  const offered = consult.slots.filter(({ booked }) => !booked).map((slot) => spoken(slot, i18n.language));
  return (
    <>
      <Fact name={t("consult.fact.experts")}>{consult.experts.map(({ name }) => name).join(" ")}</Fact>
      {consult.begins_at !== null && (
        <Fact name={t("consult.fact.time")}>
          <When at={consult.begins_at} />
        </Fact>
      )}
      {offered.length > 0 && <Fact name={t("consult.fact.offered")}>{offered.join(" · ")}</Fact>}
      <Fact name={t("consult.fact.why")}>{consult.reason_text}</Fact>
      {adoption !== null && (
        <Fact name={t("consult.fact.adopted")}>
          {t(`consult.adopted.${adoption.what}`)} {adoption.reason}
        </Fact>
      )}
      {consult.deadline_at !== null && (
        <Fact name={t("consult.fact.due")}>
          <When at={consult.deadline_at} />
        </Fact>
      )}
    </>
  );
}

export function Facts({ consult }: { consult: ConsultDetail }) {
  const { t } = useTranslation();
  const { patient } = consult;
  return (
    <Panel
      title={`${t(`consult.state.${consult.state}`)} · ${consult.number}`}
      aside={`${t(`consult.service.${consult.service}`)} · ${t(`consult.mode.${consult.mode}`)}`}
      actions={consult.application !== null && <Print id={consult.id} paper="application" />}
    >
      <dl className="dl">
        <Fact name={t("consult.fact.patient")}>
          {patient === null ? null : (
            <Link to={`/patients/${patient.id}`}>
              <PatientName patient={patient} />
            </Link>
          )}
        </Fact>
        <Fact name={t("consult.fact.from")}>
          {consult.from.name} · {consult.applicant.name}
        </Fact>
        <Fact name={t("consult.fact.to")}>{consult.to.name}</Fact>
        <Fact name={t("consult.fact.specialties")}>{consult.specialties.join(" ")}</Fact>
        <Fact name={t("consult.fact.urgency")}>{t(`consult.urgency.${consult.urgency}`)}</Fact>
        <Became consult={consult} />
        {consult.application !== null && <Asked application={consult.application} />}
      </dl>
    </Panel>
  );
}
