/** What travels with the patient: vital signs with NEWS2, then the package in as many lines as there is to say. */
import type { TFunction } from "i18next";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ReferralDetail, ReferralPackage, Vitals } from "../../api/types.ts";
import { When } from "../../ui/When.tsx";
import { useTicketWords } from "../useTicketWords.ts";

interface Measure {
  readonly name: string;
  readonly value: string;
  readonly unit: string;
  readonly alarm: boolean;
}

function Box({ name, value, unit, alarm }: Measure) {
  return (
    <div className="tk-vital">
      <dt className="s12 mut">
        {name} {unit}
      </dt>
      <dd className={alarm ? "critc" : ""}>
        <b>{value}</b>
      </dd>
    </div>
  );
}

const shown = (value: number | null) => (value === null ? "–" : String(value));

/** Bounds that NEWS2 scores with three points. */
const BOUNDS = {
  systolic: [91, 219],
  heart_rate: [41, 130],
  spo2: [92, Infinity],
  respiratory_rate: [9, 24],
} as const satisfies Partial<Record<keyof Vitals, readonly [number, number]>>;

function isAlarming(vitals: Vitals, name: keyof typeof BOUNDS): boolean {
  const value = vitals[name];
  const [low, high] = BOUNDS[name];
  return value !== null && (value < low || value > high);
}

function measuresOf(vitals: Vitals, t: TFunction): readonly Measure[] {
  const perMinute = t("referral.vital.perMinute");
  const pressure = `${shown(vitals.systolic)}/${shown(vitals.diastolic)}`;
  const of = (name: string, value: string, unit: string, bound?: keyof typeof BOUNDS): Measure => ({
    name,
    value,
    unit,
    alarm: bound !== undefined && isAlarming(vitals, bound),
  });
  return [
    of(t("referral.vital.pressure"), pressure, "", "systolic"),
    of(t("referral.vital.pulse"), shown(vitals.heart_rate), perMinute, "heart_rate"),
    of(t(vitals.on_oxygen ? "referral.vital.onOxygen" : "referral.vital.oxygen"), shown(vitals.spo2), "%", "spo2"),
    of(t("referral.vital.breaths"), shown(vitals.respiratory_rate), perMinute, "respiratory_rate"),
    of(t("referral.vital.temperature"), shown(vitals.temperature), "°C"),
  ];
}

export function VitalsRow({ ticket }: { ticket: ReferralDetail }) {
  const { t } = useTranslation();
  const vitals = ticket.package?.vitals ?? null;
  if (vitals === null) return <p className="s13 mut">{t("referral.noVitals")}</p>;
  const { news2 } = ticket;
  const measures = measuresOf(vitals, t).filter(({ value }) => !value.startsWith("–"));
  return (
    <dl className="tk-vitals" aria-label={t("referral.vitals")}>
      {measures.map((measure) => (
        <Box key={measure.name} {...measure} />
      ))}
      {news2 !== null && (
        <div className="tk-vital">
          <dt className="s12 mut">{t("referral.news2Name")}</dt>
          <dd className={news2.total >= 7 ? "critc" : news2.total >= 5 ? "duec" : ""}>
            <b>{news2.total}</b>{" "}
            {news2.missing.length > 0 && (
              <span className="s12 mut">{t("referral.news2Missing", { count: news2.missing.length })}</span>
            )}
          </dd>
        </div>
      )}
    </dl>
  );
}

type Fact = readonly [string, ReactNode];

function consentOf({ consent }: ReferralPackage, t: TFunction): string {
  if (consent.by === "") return t("referral.consent.later");
  const who = [consent.by, consent.relation].filter(Boolean).join(" ");
  return t(consent.given ? "referral.consent.given" : "referral.consent.refused", { who });
}

function useFacts(ticket: ReferralDetail, of: ReferralPackage): readonly Fact[] {
  const { t } = useTranslation();
  const words = useTicketWords();
  const { transport } = of;
  const way = [transport.vehicle, transport.escort && t("referral.escort", { name: transport.escort })];
  return [
    [t("referral.fact.onset"), of.onset_at && <When at={of.onset_at} />],
    [t("referral.fact.summary"), of.summary],
    [t("referral.fact.reason"), words.reasonCode(ticket.reason_code)],
    [t("referral.fact.present"), of.present_history],
    [t("referral.fact.past"), of.past_history],
    [t("referral.fact.allergies"), of.allergies],
    [t("referral.fact.treatment"), of.treatment],
    [t("referral.fact.medicines"), of.medicines.join(t("referral.list"))],
    [t("referral.fact.attention"), of.attention],
    [t("referral.fact.transport"), way.filter(Boolean).join(t("referral.comma"))],
    [t("referral.fact.unscheduled"), ticket.unscheduled_reason],
    [t("referral.fact.consent"), ticket.direction === "down" ? "" : consentOf(of, t)],
  ];
}

/** Allergies first in weight: they stand bold. */
export function Facts({ ticket, of }: { ticket: ReferralDetail; of: ReferralPackage }) {
  const { t } = useTranslation();
  const facts = useFacts(ticket, of);
  return (
    <dl className="dl" aria-label={t("referral.package")}>
      {facts
        .filter(([, value]) => value !== "" && value !== null)
        .map(([name, value]) => (
          <div key={name} className="tk-fact">
            <dt>{name}</dt>
            <dd>{name === t("referral.fact.allergies") ? <b>{value}</b> : value}</dd>
          </div>
        ))}
    </dl>
  );
}
