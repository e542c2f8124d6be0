/** Which fields a command needs, and what is sent of them. A command without fields acts at once. Pure. */
import { isoOf, type Instant } from "../../api/clock.ts";
import type { Act } from "../../api/client.ts";
import type { ReferralAct, ReferralBodyOf, ReferralCommand } from "../../api/resources/referrals.ts";
import type { DeclineCode, Referral } from "../../api/types.ts";

/** What a person writes; the names are the fields of the forms. */
export interface Values {
  readonly text?: string;
  readonly reason?: string;
  readonly remark?: string;
  readonly code?: DeclineCode;
  readonly hospital?: string;
  readonly township?: string;
  readonly outside?: string;
  readonly department?: string;
  readonly bed?: string;
  readonly minutes?: number;
  readonly vehicle?: string;
  readonly level?: 1 | 2 | 3 | 4;
  readonly rank?: number;
  readonly diagnosis?: string;
  readonly treatment?: string;
  readonly advice?: string;
  readonly summary?: string;
  readonly medicines?: string;
  readonly warning?: string;
  readonly rehabilitation?: string;
  readonly firstVisit?: string;
  readonly tier?: "red" | "yellow" | "green";
  readonly medicinesThere?: boolean;
  readonly equipmentThere?: boolean;
  readonly approved?: boolean;
}
export type FieldName = keyof Values;

interface Form<N extends ReferralCommand> {
  readonly fields: readonly FieldName[];
  readonly body: (values: Values, now: Instant) => ReferralBodyOf<N>;
}

/** One a line: a medicine with its dose has commas in it. */
const lines = (text: string | undefined): readonly string[] =>
  (text ?? "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

const inMinutes = (minutes: number | undefined, now: Instant): string | null =>
  minutes === undefined ? null : isoOf(now + minutes * 60_000);

const NOTHING = { fields: [], body: () => ({}) } as const;
const words = (field: "text" | "reason" | "remark") =>
  ({ fields: [field], body: (values: Values) => ({ reason: values[field] ?? "" }) }) as const;

export const FORMS: { readonly [N in ReferralCommand]: Form<N> } = {
  send: NOTHING,
  open: NOTHING,
  acknowledge: NOTHING,
  accept: NOTHING,
  arrive: NOTHING,
  "confirm-cancel": NOTHING,
  "first-visit": NOTHING,
  close: NOTHING,
  ask: words("text"),
  answer: words("text"),
  advise: words("text"),
  cancel: words("reason"),
  "release-hold": words("reason"),
  "refuse-cancel": words("remark"),
  "not-arrived": words("remark"),
  "treat-and-release": words("remark"),
  "admitted-elsewhere": words("remark"),
  discharge: words("remark"),
  die: words("remark"),
  "ask-review": words("reason"),
  decline: {
    fields: ["code", "reason"],
    body: ({ code, reason }) => ({ code: code ?? null, reason: reason ?? "" }),
  },
  redirect: {
    fields: ["hospital", "outside", "department", "reason"],
    body: ({ hospital, outside, department, reason }) => ({
      to_org: hospital || null,
      outside_name: outside ?? "",
      department: department ?? "",
      reason: reason ?? "",
    }),
  },
  "hold-bed": {
    fields: ["bed", "remark"],
    body: ({ bed, remark }) => ({ bed_id: bed ?? "", reason: remark ?? "" }),
  },
  depart: {
    fields: ["minutes", "vehicle"],
    body: ({ minutes, vehicle }, now) => ({ expected_arrival_at: inMinutes(minutes, now), vehicle: vehicle ?? "" }),
  },
  admit: { fields: ["bed"], body: ({ bed }) => ({ bed_id: bed ?? "" }) },
  "send-outcome": {
    fields: ["diagnosis", "treatment", "advice"],
    body: ({ diagnosis, treatment, advice }) => ({
      diagnosis: diagnosis ?? "",
      treatment: treatment ?? "",
      advice: advice ?? "",
    }),
  },
  "refer-down": {
    fields: ["township", "summary", "medicines", "warning", "rehabilitation", "firstVisit", "tier"],
    body: ({ township, summary, medicines, warning, rehabilitation, firstVisit, tier }) => ({
      to_org: township ?? "",
      discharge_summary: summary ?? "",
      medicines: lines(medicines),
      warning_signs: warning ?? "",
      rehabilitation: rehabilitation ?? "",
      first_visit_due: firstVisit || null,
      risk_tier: tier ?? "yellow",
      send: true,
    }),
  },
  "take-over": {
    fields: ["medicinesThere", "equipmentThere"],
    body: ({ medicinesThere, equipmentThere }) => ({
      medicines: medicinesThere === true,
      equipment: equipmentThere === true,
    }),
  },
  retriage: {
    fields: ["level", "remark"],
    body: ({ level, remark }) => ({ triage_level: level ?? 3, reason: remark ?? "" }),
  },
  override: {
    fields: ["rank", "reason"],
    body: ({ rank, reason }) => ({ rank: rank ?? null, reason: reason ?? "" }),
  },
  review: {
    fields: ["approved", "remark"],
    body: ({ approved, remark }) => ({ approved: approved === true, reason: remark ?? "" }),
  },
};

const STARTING: Readonly<Partial<Record<ReferralCommand, (ticket: Referral) => Values>>> = {
  depart: ({ travel_minutes: minutes }) => ({ minutes }),
  redirect: ({ department }) => ({ department }),
  "hold-bed": () => ({ bed: "" }),
  admit: () => ({ bed: "" }),
  "refer-down": ({ from }) => ({ township: from.id, tier: "yellow" }),
};

/** What a form begins with: only what the ticket itself says. */
export function startingValues(ticket: Referral, name: ReferralCommand): Values {
  return STARTING[name]?.(ticket) ?? {};
}

/** The act with its body; the table knows which body belongs to which name. */
export function actOf(name: ReferralCommand, at: Act, values: Values, now: Instant): ReferralAct {
  return { ...at, name, body: FORMS[name].body(values, now) } as ReferralAct;
}
