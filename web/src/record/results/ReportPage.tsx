/** `/results/:report`: one report, whose it is, and the way its study went. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { reports } from "../../api/resources/reports.ts";
import { PatientBanner } from "../../ui/Patient.tsx";
import { ProblemCard } from "../../ui/ProblemNote.tsx";
import { SkeletonPage } from "../../ui/Skeletons.tsx";
import { inWords } from "../orderWords.ts";
import "../record.css";
import { ReportCard } from "./ReportCard.tsx";

export function ReportPage() {
  const { t } = useTranslation();
  const { report: id = "" } = useParams();
  const report = useQuery(reports.detail(id));
  if (report.isPending) return <SkeletonPage />;
  if (report.isLoadingError) return <ProblemCard failure={report.error} onRetry={() => void report.refetch()} />;
  return (
    <div className="col g12 reading-width">
      <PatientBanner patient={inWords(report.data.patient, t)}>
        <span className="s13 sub">{report.data.centre?.name}</span>
        <Link to={`/track/${report.data.order_id}`}>
          {t("record.report.way", { number: report.data.order_number })}
        </Link>
      </PatientBanner>
      <ReportCard report={report.data} />
    </div>
  );
}
