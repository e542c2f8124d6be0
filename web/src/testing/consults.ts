/** Consults and their opinions as the hub sends them, with the demo county's people. */
import type { ConsultDetail, ConsultOpinion, Expert, SessionUser } from "../api/types.ts";
import { aTicketPatient, COUNTY_HOSPITAL, SHIMEN } from "./referrals.ts";

export const ZHAONING: SessionUser = {
  id: "zhaoning",
  name: "赵宁",
  username: "zhaoning",
  title: "副主任",
  roles: [{ role: "consultant", organization: { id: "C01", name: "云岭县人民医院" }, centre: null }],
};

const DIAGNOSIS = { code: "I20.8", system: "ICD-10", name: "稳定型心绞痛" };
const CONSENT = {
  written: true,
  by: "马建国",
  relation: "",
  at: null,
  document: "",
  approved_by: "",
  approval_reason: "",
};

function anApplication(): ConsultDetail["application"] {
  const empty = { department: "", phone: "", visit_number: "", ward: "", bed: "", insurance: "", past_history: "" };
  return {
    ...empty,
    specialties: ["心内"],
    title: "副主任",
    expert_id: "",
    chief_complaint: "反复胸闷 3 月",
    present_history: "活动后加重",
    allergies: "",
    examination: "",
    vitals: null,
    summary: "男，68 岁",
    diagnosis: DIAGNOSIS,
    results: "",
    study_uids: [],
    report_ids: [],
    treatment: "",
    reason: "诊断不明",
    purpose: "是否需要造影",
    wanted_times: [],
    fee: "",
    approval: "",
    consent: CONSENT,
  };
}

export function aConsult(of: Partial<ConsultDetail> = {}): ConsultDetail {
  return {
    id: "c-1",
    number: "H-2611-0001-H",
    state: "requested",
    version: 1,
    service: "consult",
    urgency: "routine",
    mode: "written",
    owner: { organization: { id: "C01", name: "云岭县人民医院" }, roles: ["referral-desk"] },
    deadline_at: "2026-11-25T00:20:00Z",
    overdue: false,
    patient: aTicketPatient(),
    from: SHIMEN,
    to: COUNTY_HOSPITAL,
    applicant: { id: "lilan", name: "李兰" },
    specialties: ["心内"],
    purpose: "是否需要造影",
    experts: [],
    offered_by: null,
    begins_at: null,
    ends_at: null,
    in_writing: false,
    adoption: null,
    reason_text: "",
    created_at: "2026-11-23T00:20:00Z",
    timeline: {},
    commands: [],
    teaching: null,
    application: anApplication(),
    slots: [],
    history: [],
    ...of,
  };
}

export function anOpinion(of: Partial<ConsultOpinion> = {}): ConsultOpinion {
  return {
    consult_id: "c-1",
    document: "consult-opinion",
    template: "2.16.156.10011.2.1.1.65",
    liable: "inviter",
    number: "Y-2611-0001-H",
    version: 1,
    findings: "心电图",
    diagnosis: "",
    differential: "",
    further_tests: "",
    treatment: "",
    refer: null,
    refer_level: null,
    insufficient: false,
    limits: "",
    updated_at: "2026-11-23T00:30:00Z",
    updated_by: { id: "zhaoning", name: "赵宁" },
    signed_at: null,
    digest: null,
    signatures: [],
    commands: [],
    ...of,
  };
}

export function anExpert(of: Partial<Expert> = {}): Expert {
  return {
    id: "zhaoning",
    name: "赵宁",
    title: "副主任",
    organization: { id: "C01", name: "云岭县人民医院" },
    specialties: ["心内"],
    practising_since: "2014-07-01",
    years: 12,
    may_answer: true,
    licence: "",
    hours: [],
    slot_minutes: 30,
    may_edit: false,
    version: 1,
    ...of,
  };
}
