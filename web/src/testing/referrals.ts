/** Tickets, beds and follow-ups as the hub sends them, with the demo county's people. */
import type {
  Bed,
  BedPage,
  Explanation,
  FollowUp,
  Referral,
  ReferralDetail,
  ReferralPage,
  ReferralQueue,
  SessionUser,
  TicketPatient,
} from "../api/types.ts";

export const COUNTY_HOSPITAL = { id: "C01", name: "云岭县人民医院", phone: "09998 880120" };
export const SHIMEN = { id: "T01", name: "石门镇卫生院", phone: "09998 880101" };

export const ZHOUMIN: SessionUser = {
  id: "u-zhoumin",
  name: "周敏",
  username: "zhoumin",
  title: "转诊专员",
  roles: [{ role: "referral-desk", organization: { id: "C01", name: "云岭县人民医院" }, centre: null }],
};

export function aTicketPatient(of: Partial<TicketPatient> = {}): TicketPatient {
  return {
    id: "p-majianguo",
    name: "马建国",
    sex: "male",
    age: 68,
    birth_date: "1958-03-12",
    masked_id: "9901**********0035",
    phone: null,
    allergies: null,
    assistance: null,
    ...of,
  };
}

export function anExplanation(of: Partial<Explanation> = {}): Explanation {
  return {
    position: 1,
    zh: "Ⅲ级，22 分：等待 20，路程 2",
    en: "Level Ⅲ, 22 points: waiting 20, road 2",
    inputs: { level: 3, ageing: 20, priority: 0, distance: 2, score: 22, travel_minutes: 42, overdue: false },
    rule_version: 3,
    ...of,
  };
}

export function aReferral(of: Partial<Referral> = {}): Referral {
  return {
    id: "t-1",
    number: "R-2611-0387",
    direction: "up",
    state: "received",
    version: 4,
    owner: { organization: { id: "C01", name: "云岭县人民医院" }, roles: ["referral-desk"] },
    deadline_at: "2026-11-23T00:38:00Z",
    overdue: false,
    patient: aTicketPatient(),
    from: SHIMEN,
    to: COUNTY_HOSPITAL,
    outside_name: "",
    department: "呼吸",
    triage_level: 3,
    pathway: null,
    reason_code: "beyond-capability",
    diagnosis: { code: "J18.9", system: "ICD-10", name: "肺炎" },
    needs: { department: "呼吸", isolation: false, icu: false, devices: [] },
    travel_minutes: 42,
    news2: { total: 3, risk: "low", missing: [] },
    place: null,
    earmark: "",
    waiting_since: "2026-11-23T00:08:00Z",
    expected_arrival_at: null,
    paused_at: null,
    info_rounds: 0,
    question: "",
    acknowledged_at: null,
    acknowledged_by: null,
    handler: null,
    unopened: false,
    based_on: null,
    bounce_of: null,
    predecessor_id: null,
    successor_id: null,
    decision_code: "",
    reason_text: "",
    unscheduled_reason: "",
    manual_rank: null,
    last_message: null,
    explanation: anExplanation(),
    created_at: "2026-11-23T00:07:00Z",
    recorded_at: null,
    timeline: { sent: "2026-11-23T00:08:00Z", received: "2026-11-23T00:09:00Z" },
    commands: [
      { name: "accept", allowed: true },
      { name: "ask", allowed: true },
      { name: "decline", allowed: true },
      { name: "redirect", allowed: true },
      { name: "arrive", allowed: false, reason: "STATE" },
    ],
    ...of,
  };
}

export function aReferralDetail(of: Partial<ReferralDetail> = {}): ReferralDetail {
  return {
    ...aReferral(),
    package: {
      summary: "发热咳嗽 3 天，加重 1 天",
      present_history: "",
      past_history: "高血压 12 年",
      treatment: "已开静脉通道",
      allergies: "青霉素过敏",
      medicines: ["氨氯地平 5 mg"],
      vitals: {
        at: "2026-11-23T00:05:00Z",
        respiratory_rate: 18,
        spo2: 94,
        on_oxygen: false,
        systolic: 92,
        diastolic: 58,
        heart_rate: 52,
        consciousness: "A",
        temperature: 36.8,
        hypercapnic: false,
      },
      study_uids: [],
      report_ids: [],
      consent: { given: true, by: "马建国", relation: "本人", at: null },
      transport: { mode: "ambulance", vehicle: "石门镇救护车 2 号", escort: "李兰", phone: "13800000187", driver: "" },
      onset_at: null,
      attention: "",
    },
    plan: null,
    outcome: null,
    rounds: [],
    pathway_clocks: [],
    events: [
      { at: "2026-11-23T00:08:00Z", name: "sent", state: "sent", actor: { id: "u-lilan", name: "李兰" }, data: {} },
    ],
    ...of,
  };
}

export function aReferralPage(items: readonly Referral[], counts: Readonly<Record<string, number>> = {}): ReferralPage {
  return { items, next: null, counts: { in: items.length, moving: 0, arrived: 0, down: 0, closed: 0, ...counts } };
}

export function aQueue(items: readonly Referral[]): ReferralQueue {
  return {
    organization: { id: "C01", name: "云岭县人民医院" },
    rule_version: 3,
    items,
    total: items.length,
    allotted: [],
  };
}

export function aBed(of: Partial<Bed> = {}): Bed {
  return {
    id: "C01-RESP-02",
    organization_id: "C01",
    ward_id: "C01-RESP",
    label: "呼吸-02",
    department: "呼吸",
    kind: "bed",
    pool: "general",
    sex: "both",
    isolation: false,
    monitored: false,
    devices: [],
    state: "available",
    version: 1,
    hold: null,
    occupancy: null,
    to_clean_since: null,
    blocked_reason: "",
    blocked_until: null,
    commands: [],
    ...of,
  };
}

export function aBoard(items: readonly Bed[]): BedPage {
  return {
    organization_id: "C01",
    wards: [
      {
        id: "C01-RESP",
        organization_id: "C01",
        name: "呼吸内科",
        department: "呼吸",
        phone: "09998 880131",
        confirmed_at: "2026-11-23T00:00:00Z",
        stale: false,
        counts: { available: items.length },
        version: 1,
      },
    ],
    items,
    counts: { available: items.length },
    quota: { total: 312, wanted: 16, reserved: 16, free: 3, held: 2, occupied: 11, debt: 1, gap: 0 },
    soon: [],
  };
}

export function aFollowUp(of: Partial<FollowUp> = {}): FollowUp {
  return {
    id: "f-1",
    kind: "visit",
    words: { zh: "出院后第一次上门", en: "First visit after discharge" },
    state: "open",
    overdue: false,
    tier: "yellow",
    due_at: "2026-11-30T10:00:00Z",
    organization: { id: "T01", name: "石门镇卫生院" },
    patient: {
      id: "p-majianguo",
      name: "马建国",
      sex: "male",
      age: 68,
      phone: "13800000187",
      address: "石门镇石门村",
    },
    ticket_id: "t-1",
    done_at: null,
    done_by: null,
    form: null,
    assessment: null,
    urgent_from: { systolic: 180, diastolic: 110 },
    urgent_from_pregnant: { systolic: 140, diastolic: 90 },
    version: 1,
    commands: [{ name: "complete", allowed: true }],
    ...of,
  };
}
