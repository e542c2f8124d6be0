/** Results nobody here has acknowledged: critical and amended ones first, in the order of the hub. */
import { FileClock, FileWarning, Siren } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { UnreadReport } from "../../api/types.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { When } from "../../ui/When.tsx";
import { titleOf } from "../orderWords.ts";

export function ResultTags({ report }: { report: Pick<UnreadReport, "critical" | "amend_kind" | "preliminary"> }) {
  const { t } = useTranslation();
  return (
    <>
      {report.critical && (
        <Tag tone="critical" icon={Siren}>
          {t("ui.critical.title")}
        </Tag>
      )}
      {report.amend_kind !== null && (
        <Tag tone="due" icon={FileWarning}>
          {t(`record.amend.${report.amend_kind}`)}
        </Tag>
      )}
      {report.preliminary && (
        <Tag tone="dashed" icon={FileClock}>
          {t("ui.report.preliminary")}
        </Tag>
      )}
    </>
  );
}

export function UnreadList({ reports }: { reports: readonly UnreadReport[] }) {
  const { t } = useTranslation();
  if (reports.length === 0) return <EmptyState title={t("record.results.none")} text={t("record.results.noneText")} />;
  return (
    <ul className="items">
      {reports.map((report) => (
        <li key={report.id} data-row={report.id}>
          <Link to={`/results/${report.id}`} className="unread">
            <ResultTags report={report} />
            <b className="nw">{report.patient_name ?? t("ui.patient.unknown")}</b>
            <span className="sub s13 nw">{titleOf(report, t)}</span>
            <span className="unread-words">{report.impression}</span>
            <span className="s12 mut nw">{report.released_at !== null && <When at={report.released_at} />}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
