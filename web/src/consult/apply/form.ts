/** What an applicant writes, and what of it is sent: the application form (远程会诊申请单). Pure. */
import type { ConsultNew } from "../../api/types.ts";
import { typed } from "../times.ts";

export const SERVICES = ["consult", "mdt", "ward-round"] as const;
export const URGENCIES = ["routine", "urgent", "emergency"] as const;
export const MODES = ["written", "video"] as const;

/** What the form needs, and the rest of it, in its order. */
export const LONG = ["chief_complaint", "present_history", "summary", "reason", "purpose"] as const;
export const MORE = [
  "department",
  "phone",
  "visit_number",
  "ward",
  "bed",
  "insurance",
  "past_history",
  "allergies",
  "examination",
  "results",
  "treatment",
  "fee",
  "approval",
] as const;
/** An emergency is sent with these alone: the rest is written while help is on its way. */
const ALWAYS: readonly string[] = ["summary", "purpose"];
export const TIMES = ["first", "second", "third"] as const;

type Words = Readonly<Partial<Record<(typeof LONG)[number] | (typeof MORE)[number], string>>>;

export interface Written extends Words {
  readonly to_org: string;
  readonly service: (typeof SERVICES)[number];
  readonly mode: (typeof MODES)[number];
  readonly urgency: (typeof URGENCIES)[number];
  readonly specialties: readonly string[];
  readonly title?: string;
  readonly expert_id?: string;
  readonly code?: string;
  readonly name?: string;
  /** Fields of date and time, `2026-11-23T15:00`. */
  readonly times?: Readonly<Partial<Record<(typeof TIMES)[number], string>>>;
  readonly by?: string;
  readonly relation?: string;
  readonly written: boolean;
  readonly approved_by?: string;
  readonly approval_reason?: string;
}

export const EMPTY: Partial<Written> = {
  service: "consult",
  mode: "written",
  urgency: "routine",
  written: false,
  specialties: [],
};

/** Whether a field has to be written before the application can be sent. */
export function isNeeded(field: string, urgency: Written["urgency"]): boolean {
  return urgency !== "emergency" || ALWAYS.includes(field);
}

/** Whether somebody has to answer for going on without the patient's written word. */
export function needsApproval({ urgency, written }: Pick<Written, "urgency" | "written">): boolean {
  return urgency === "emergency" && !written;
}

function wanted({ mode, times = {} }: Written): readonly string[] {
  if (mode === "written") return [];
  return TIMES.flatMap((which) => typed(times[which] ?? "", 0)?.begins_at ?? []);
}

const PAPER = ["by", "relation"] as const;
const APPROVAL = ["approved_by", "approval_reason"] as const;
type TextField = keyof {
  [Field in keyof Written as Written[Field] extends string | undefined ? Field : never]: Written[Field];
};

/** These fields; one that nobody touched is empty. */
function named<Field extends TextField>(form: Written, ...fields: readonly Field[]): Record<Field, string> {
  return Object.fromEntries(fields.map((field) => [field, form[field] ?? ""])) as Record<Field, string>;
}

function texts(form: Written) {
  return named(form, ...LONG, ...MORE, "title", "expert_id");
}

/** The form as the hub takes it; what belongs to another choice than the one made is left out. */
export function bodyOf(form: Written, patient: string, study: string | null): ConsultNew {
  return {
    ...texts(form),
    patient_id: patient,
    to_org: form.to_org,
    service: form.service,
    mode: form.mode,
    urgency: form.urgency,
    specialties: form.specialties,
    diagnosis: { ...named(form, "code", "name"), system: "ICD-10" },
    wanted_times: wanted(form),
    consent: { written: form.written, ...named(form, ...(needsApproval(form) ? APPROVAL : PAPER)) },
    study_uids: study === null ? [] : [study],
  };
}
