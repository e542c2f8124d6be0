/** What goes home with the patient, and what became of him. */
import { useTranslation } from "react-i18next";
import type { HomePlan, Outcome } from "../../api/types.ts";

function Lines({ title, lines }: { title: string; lines: readonly (readonly [string, string])[] }) {
  const said = lines.filter(([, words]) => words !== "");
  if (said.length === 0) return null;
  return (
    <section className="col">
      <h3>{title}</h3>
      <dl className="dl">
        {said.map(([name, words]) => (
          <div key={name} className="tk-fact">
            <dt>{name}</dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

export function PlanHome({ plan }: { plan: HomePlan }) {
  const { t } = useTranslation();
  return (
    <Lines
      title={t("referral.plan.title")}
      lines={[
        [t("referral.plan.summary"), plan.discharge_summary],
        [t("referral.plan.results"), plan.results],
        [t("referral.plan.medicines"), plan.medicines.join(t("referral.list"))],
        [t("referral.plan.warning"), plan.warning_signs],
        [t("referral.plan.rehabilitation"), plan.rehabilitation],
        [t("referral.plan.firstVisit"), plan.first_visit_due ?? ""],
        [t("referral.plan.equipment"), plan.equipment.join(t("referral.list"))],
        [t("referral.plan.rounds"), plan.round_plan],
      ]}
    />
  );
}

export function OutcomeLines({ outcome }: { outcome: Outcome }) {
  const { t } = useTranslation();
  return (
    <Lines
      title={t("referral.outcome.title")}
      lines={[
        [t("referral.outcome.diagnosis"), outcome.diagnosis],
        [t("referral.outcome.treatment"), outcome.treatment],
        [t("referral.outcome.advice"), outcome.advice],
      ]}
    />
  );
}
