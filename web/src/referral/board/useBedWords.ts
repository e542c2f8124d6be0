/** What a tile says: its lines, and its name as it is spoken. */
import { useTranslation } from "react-i18next";
import { civil, daysBetween, instant, type Instant } from "../../api/clock.ts";
import type { Bed } from "../../api/types.ts";
import { numeralOf } from "./model/numeral.ts";
import type { Misfit } from "./model/fit.ts";

const DEVICES = ["ventilator", "monitor", "oxygen"] as const;
const WEEK = 7;

/** One for each language: making one costs more than drawing a tile. */
const weekdays = new Map<string, Intl.DateTimeFormat>();

function weekdayIn(language: string): Intl.DateTimeFormat {
  const made =
    weekdays.get(language) ?? new Intl.DateTimeFormat(language, { timeZone: "Asia/Shanghai", weekday: "short" });
  weekdays.set(language, made);
  return made;
}

export function useBedWords() {
  const { t, i18n } = useTranslation();
  const weekday = weekdayIn(i18n.language);

  /** 今天 11:00, 明天 10:00, 周三, or the date. */
  const leaving = (iso: string, now: Instant): string => {
    const at = instant(iso);
    const { date, time } = civil(at);
    const days = daysBetween(now, at);
    if (at < now) return t("beds.leaves.past", { time });
    if (days === 0) return t("beds.leaves.today", { time });
    if (days === 1) return t("beds.leaves.tomorrow", { time });
    return days < WEEK ? weekday.format(at) : date.slice(5);
  };

  /** 07:52 起 for today, else the date. */
  const since = (iso: string, now: Instant): string => {
    const { date, time } = civil(iso);
    return t("beds.since", { when: daysBetween(instant(iso), now) === 0 ? time : date.slice(5) });
  };

  const can = (bed: Bed): readonly string[] => [
    ...DEVICES.filter((it) => bed.devices.includes(it) || (it === "monitor" && bed.monitored)).map((it) =>
      t(`beds.can.${it}`),
    ),
    ...(bed.isolation ? [t("beds.can.isolation")] : []),
  ];

  const takes = (bed: Bed): string => (bed.kind === "bay" ? t("beds.bayTakes") : t(`referral.sexRule.${bed.sex}`));

  const stay = ({ label, sex }: { label: string; sex: string }): string =>
    sex === "male" || sex === "female" ? `${label} ${t(`ui.sex.${sex}`)}` : label;

  const detail = (bed: Bed): string => {
    const { hold, occupancy } = bed;
    if (hold !== null)
      return t("beds.keptFor", {
        level: numeralOf(hold.level),
        name: hold.patient_name || hold.number,
        time: hold.expires_at === null ? "" : civil(hold.expires_at).time,
      });
    if (occupancy !== null) return stay(occupancy);
    return bed.state === "blocked" ? bed.blocked_reason : bed.state === "available" ? takes(bed) : "";
  };

  return {
    leaving,
    since,
    can,
    takes,
    stay,
    detail,
    /** What one asks about a free bed: whom it takes, and what it has. */
    about: (bed: Bed): string => (bed.kind === "bay" ? takes(bed) : [takes(bed), ...can(bed)].join(" ")),
    state: (bed: Bed): string => t(`referral.bedState.${bed.state}`),
    misfit: (rule: Misfit, bed: Bed): string =>
      t(`beds.misfit.${rule}`, { department: bed.department, rule: t(`referral.sexRule.${bed.sex}`) }),
  };
}
