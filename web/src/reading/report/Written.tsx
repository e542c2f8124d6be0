/** A report that is not being written: its words, its signatures, its editions. */
import { FileDown, Siren } from "lucide-react";
import { useTranslation } from "react-i18next";
import { civil } from "../../api/clock.ts";
import { reports } from "../../api/resources/reports.ts";
import type { Report } from "../../api/types.ts";
import { ReportStateTag } from "../../ui/orderTags.tsx";
import { Tag } from "../../ui/Tag.tsx";

function Signatures({ report }: { report: Report }) {
  const { t } = useTranslation();
  const lines = [
    ["reading.author", report.author, report.signed_at],
    ["reading.verifier", report.verifier, report.released_at],
  ] as const;
  return (
    <dl className="dl">
      {lines.map(([role, person, at]) =>
        person === null || at === null ? null : (
          <div key={role} className="wl-fact">
            <dt>{t(role)}</dt>
            <dd>
              {person.name} {person.title} · {civil(at).date} {civil(at).time}
            </dd>
          </div>
        ),
      )}
      {report.verification_code !== null && (
        <div className="wl-fact">
          <dt>{t("reading.code")}</dt>
          <dd>{report.verification_code}</dd>
        </div>
      )}
    </dl>
  );
}

/** Earlier editions stay readable: what was corrected, and why. */
function Editions({ report }: { report: Report }) {
  const { t } = useTranslation();
  if (report.editions.length < 2) return null;
  return (
    <section>
      <h3>{t("reading.editions")}</h3>
      <ul className="col g4">
        {report.editions.map((one) => (
          <li key={one.id} className="row s13 wrap">
            <span>{t("reading.edition", { n: one.edition })}</span>
            <ReportStateTag state={one.state} />
            {one.released_at !== null && <span className="mut">{civil(one.released_at).date}</span>}
            {one.amend_kind !== null && (
              <span>
                {t("reading.amendedBecause", {
                  kind: t(`reading.amendKind.${one.amend_kind}`),
                  reason: one.amend_reason ?? "",
                })}
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

export function Written({ report }: { report: Report }) {
  const { t } = useTranslation();
  return (
    <div className="col g12 written-report">
      <div className="row wrap">
        <ReportStateTag state={report.state} />
        {report.critical && (
          <Tag tone="critical" icon={Siren}>
            {t("reading.critical")}
          </Tag>
        )}
        <Tag tone={report.positive ? "due" : "plain"}>
          {report.positive ? t("reading.positive") : t("reading.negative")}
        </Tag>
        <span className="sp" />
        {report.verification_code !== null && (
          <a href={reports.pdfAddress(reports.idOf(report))} target="_blank" rel="noreferrer">
            <FileDown aria-hidden="true" /> {t("reading.pdf")}
          </a>
        )}
      </div>
      <section>
        <h3>{t("reading.findings")}</h3>
        <p className="written">{report.findings || "—"}</p>
      </section>
      <section>
        <h3>{t("reading.impression")}</h3>
        <p className="written">{report.impression || "—"}</p>
      </section>
      <Signatures report={report} />
      <Editions report={report} />
    </div>
  );
}
