/** What the hospital sends home with a patient (回转单), in its own labels; what is not written is not drawn. */
import { useTranslation } from "react-i18next";
import type { ReferralDetail } from "../../api/types.ts";

export function Plan({ ticket }: { ticket: ReferralDetail }) {
  const { t } = useTranslation();
  const { plan, diagnosis } = ticket;
  if (plan === null) return null;
  const rows = [
    ["diagnosis", [diagnosis.name, diagnosis.code].filter(Boolean).join(" ")],
    ["results", plan.results],
    ["summary", plan.discharge_summary],
    ["warnings", plan.warning_signs],
    ["rehabilitation", plan.rehabilitation],
    ["rounds", plan.round_plan],
    ["caseNumber", plan.case_number],
    ["firstVisit", plan.first_visit_due ?? ""],
  ] as const;
  return (
    <dl className="hm-plan">
      {rows
        .filter(([, text]) => text !== "")
        .map(([name, text]) => (
          <div key={name}>
            <dt>{t(`township.plan.${name}`)}</dt>
            <dd className="prose">{text}</dd>
          </div>
        ))}
    </dl>
  );
}
