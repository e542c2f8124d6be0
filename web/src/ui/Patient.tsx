/** A patient as every screen names one. Masking is the hub's: what it does not send is not shown. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { PatientSummary } from "../api/types.ts";
import { AssistanceTags } from "./AssistanceTags.tsx";
import "./forms.css";

type Named = Pick<PatientSummary, "name" | "sex" | "age">;

/** Name, sex, age. A study nobody has matched yet has no patient, and says so. */
export function PatientName({ patient, size = "row" }: { patient: Named | null; size?: "row" | "head" }) {
  const { t } = useTranslation();
  const look = size === "head" ? "patient-name patient-name-head" : "patient-name";
  if (patient === null) return <span className="duec nw">{t("ui.patient.unknown")}</span>;
  return (
    <span className={look}>
      <b>{patient.name}</b>
      <span>
        {t(`ui.sex.${patient.sex}`)}
        {patient.age !== null && ` ${t("ui.age", { age: patient.age })}`}
      </span>
    </span>
  );
}

interface BannerProps {
  readonly patient: PatientSummary | null;
  /** A plate, at the far left. */
  readonly lead?: ReactNode;
  /** A clock or actions, at the right. */
  readonly children?: ReactNode;
}

/** The sticky head of every clinical page. */
export function PatientBanner({ patient, lead, children }: BannerProps) {
  const { t } = useTranslation();
  return (
    <section className="banner">
      {lead}
      <PatientName patient={patient} size="head" />
      <span className="s13 sub nw">
        {patient?.birth_date && t("ui.patient.born", { date: patient.birth_date })}
        {patient?.masked_id && ` · ${patient.masked_id}`}
      </span>
      <AssistanceTags patient={patient} />
      <span className="sp" />
      {children}
    </section>
  );
}
