/** What a sender writes on a ticket: as typed, from what the record knows, and as the hub takes it. Pure. */
import type {
  Pathway,
  Prefill,
  ReasonCode,
  ReferralDetail,
  ReferralNew,
  Target,
  TargetWish,
} from "../../../api/types.ts";
import { departmentOf, FIRST_CODE, needsIcu, type Offered } from "./pathway.ts";
import { vitalsFrom, vitalsOf, type VitalsText } from "./vitals.ts";

export type Level = 1 | 2 | 3 | 4;

export interface Written {
  readonly level: Level | null;
  readonly pathway: Pathway | null;
  readonly department: string;
  readonly isolation: boolean;
  /** A hospital of the network, or the name of one outside it. */
  readonly to: string | null;
  readonly outside: string;
  readonly code: string;
  readonly diagnosis: string;
  readonly reasonCode: ReasonCode | "";
  readonly vitals: VitalsText;
  readonly summary: string;
  readonly presentHistory: string;
  readonly pastHistory: string;
  readonly treatment: string;
  readonly allergies: string;
  /** One a line. */
  readonly medicines: string;
  readonly attention: string;
  readonly onsetAt: string | null;
  readonly consentGiven: boolean;
  readonly consentBy: string;
  readonly consentRelation: string;
  readonly mode: string;
  readonly vehicle: string;
  readonly escort: string;
  readonly phone: string;
  readonly expectedAt: string | null;
  readonly reports: readonly string[];
  readonly studies: readonly string[];
}

export function isGreen(level: Level | null): boolean {
  return level !== null && level <= 2;
}

/** What the record knows already; the rest is empty. Whoever rides along is the sender, until somebody says otherwise. */
export function begin(known: Prefill, sender: string): Written {
  return {
    ...EMPTY,
    diagnosis: known.diagnosis_name,
    vitals: vitalsFrom(known.vitals),
    summary: known.summary,
    allergies: known.allergies,
    medicines: known.medicines.join("\n"),
    escort: sender,
    reports: known.report_ids,
    studies: known.study_uids,
  };
}

const EMPTY: Written = {
  level: null,
  pathway: null,
  department: "",
  isolation: false,
  to: null,
  outside: "",
  code: "",
  diagnosis: "",
  reasonCode: "",
  vitals: vitalsFrom(null),
  summary: "",
  presentHistory: "",
  pastHistory: "",
  treatment: "",
  allergies: "",
  medicines: "",
  attention: "",
  onsetAt: null,
  consentGiven: false,
  consentBy: "",
  consentRelation: "",
  mode: "ambulance",
  vehicle: "",
  escort: "",
  phone: "",
  expectedAt: null,
  reports: [],
  studies: [],
};

/** A pathway says what is suspected until somebody writes it better; which department, `withDepartment` says. */
export function withPathway(it: Written, pathway: Pathway, word: string): Written {
  const known = it.diagnosis !== "" && it.code !== FIRST_CODE[it.pathway ?? pathway];
  return {
    ...it,
    pathway,
    department: "",
    diagnosis: known ? it.diagnosis : word,
    code: known ? it.code : FIRST_CODE[pathway],
    to: null,
  };
}

/** The pathway's department, once it is known who has which: a fast touch is no reason to send to none. */
export function withDepartment(it: Written, offered: Offered, isAsking: boolean): Written {
  if (it.department !== "" || it.pathway === null || isAsking) return it;
  return { ...it, department: departmentOf(it.pathway, offered) };
}

function needsOf(it: Written) {
  return { department: it.department, isolation: it.isolation, icu: needsIcu(it.pathway, it.department) };
}

/** The first question of an empty form: what departments there are does not depend on what is written. */
export function firstWish(patient: string): TargetWish {
  return wishOf(EMPTY, patient);
}

export function wishOf(it: Written, patient: string): TargetWish {
  return {
    patient_id: patient,
    department: it.department,
    triage_level: it.level ?? 1,
    needs: needsOf(it),
    diagnosis: { code: it.code },
  };
}

/** Where the patient goes: what the sender chose, else the best that was offered. */
export function chosenOf(it: Written, targets: readonly Target[]): Target | null {
  if (it.outside !== "") return null;
  return targets.find(({ organization }) => organization.id === it.to) ?? targets[0] ?? null;
}

function packageOf(it: Written) {
  const vitals = vitalsOf(it.vitals);
  return {
    summary: it.summary,
    present_history: it.presentHistory,
    past_history: it.pastHistory,
    treatment: it.treatment,
    allergies: it.allergies,
    medicines: it.medicines
      .split("\n")
      .map((line) => line.trim())
      .filter(Boolean),
    vitals,
    study_uids: it.studies,
    report_ids: it.reports,
    consent: { given: it.consentGiven, by: it.consentBy, relation: it.consentRelation },
    transport: { mode: it.mode, vehicle: it.vehicle, escort: it.escort, phone: it.phone },
    onset_at: it.onsetAt,
    attention: it.attention,
    diagnosis: { code: it.code, system: "ICD-10", name: it.diagnosis },
    reason_code: it.reasonCode === "" && isGreen(it.level) ? "critical" : it.reasonCode,
    pathway: it.pathway,
    needs: needsOf(it),
    expected_arrival_at: it.expectedAt,
  } as const;
}

export function bodyOf(it: Written, patient: string, target: Target | null): ReferralNew {
  return {
    ...packageOf(it),
    patient_id: patient,
    direction: "up",
    to_org: target?.organization.id ?? null,
    outside_name: it.outside,
    department: it.department,
    triage_level: it.level ?? 1,
    travel_minutes: target?.minutes ?? null,
  };
}

/** The whole package as it now is, for a ticket on its way. */
export function editOf(it: Written) {
  return packageOf(it);
}

/** A ticket on its way, as the form shows it. */
export function fromTicket(ticket: ReferralDetail): Written {
  const { package: it } = ticket;
  const level = ([1, 2, 3, 4] as const).find((each) => each === ticket.triage_level) ?? null;
  const base: Written = {
    ...EMPTY,
    level,
    pathway: ticket.pathway,
    department: ticket.department,
    isolation: ticket.needs.isolation,
    to: ticket.to?.id ?? null,
    outside: ticket.outside_name,
    code: ticket.diagnosis.code,
    diagnosis: ticket.diagnosis.name,
    reasonCode: ticket.reason_code as ReasonCode | "",
    expectedAt: ticket.expected_arrival_at,
  };
  return it === null ? base : { ...base, ...fromPackage(it) };
}

function fromPackage(it: NonNullable<ReferralDetail["package"]>): Partial<Written> {
  return {
    vitals: vitalsFrom(it.vitals),
    summary: it.summary,
    presentHistory: it.present_history,
    pastHistory: it.past_history,
    treatment: it.treatment,
    allergies: it.allergies,
    medicines: it.medicines.join("\n"),
    attention: it.attention,
    onsetAt: it.onset_at,
    consentGiven: it.consent.given,
    consentBy: it.consent.by,
    consentRelation: it.consent.relation,
    mode: it.transport.mode,
    vehicle: it.transport.vehicle,
    escort: it.transport.escort,
    phone: it.transport.phone,
    reports: it.report_ids,
    studies: it.study_uids,
  };
}
