/** What an amended report changed: the edition before beside this one, with the words that are new marked. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { reports } from "../../api/resources/reports.ts";
import type { Report } from "../../api/types.ts";
import { changes, type Run } from "./changes.ts";

function Runs({ runs }: { runs: readonly Run[] }) {
  return (
    <p className="prose">
      {runs.map((run, at) =>
        run.how === "same" ? (
          run.text
        ) : run.how === "new" ? (
          <ins key={at}>{run.text}</ins>
        ) : (
          <del key={at}>{run.text}</del>
        ),
      )}
    </p>
  );
}

export function Editions({ report }: { report: Report }) {
  const { t } = useTranslation();
  const earlier = report.editions.findLast(({ edition }) => edition < report.edition);
  const before = useQuery({ ...reports.detail(earlier?.id ?? ""), enabled: earlier !== undefined });
  const old = before.data;
  return (
    <section className="editions" aria-label={t("record.report.changed")}>
      <h3>
        {t("record.report.changed")} · {t(`record.amend.${report.amend_kind ?? "correction"}`)}
      </h3>
      {report.amend_reason !== null && (
        <p className="s13 sub">{t("record.report.because", { reason: report.amend_reason })}</p>
      )}
      {old !== undefined && (
        <>
          <Runs runs={changes(old.impression, report.impression)} />
          {old.findings !== report.findings && <Runs runs={changes(old.findings, report.findings)} />}
        </>
      )}
    </section>
  );
}
