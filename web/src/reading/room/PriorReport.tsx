/** The report of the study that lies beside, to compare with and to quote. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { civil } from "../../api/clock.ts";
import { reports } from "../../api/resources/reports.ts";
import { studies } from "../../api/resources/studies.ts";

export function PriorReport({ study }: { study: string }) {
  const { t } = useTranslation();
  const found = useQuery(studies.detail(study));
  const order = found.data?.order_id ?? "";
  const report = useQuery({ ...reports.ofOrder(order), enabled: order !== "" });
  if (report.data === undefined || report.data.state === "draft") return null;
  const { findings, impression, author, released_at } = report.data;
  return (
    <section className="prior-report" aria-label={t("reading.priorReport")}>
      <h3>
        {t("reading.priorReport")}{" "}
        <span className="mut s13">
          {released_at !== null && civil(released_at).date} {author?.name}
        </span>
      </h3>
      <p className="s13 prior-words">{findings}</p>
      <p className="s13 prior-words">{impression}</p>
    </section>
  );
}
