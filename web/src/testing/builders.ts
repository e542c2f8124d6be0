/** Resources as the hub sends them, with the demo county's people; a test names only what it is about. */
import type { Order, OrderCounts, OrderPage, PatientSummary, Report, Session, SessionUser } from "../api/types.ts";

export const LILAN: SessionUser = {
  id: "u-lilan",
  name: "李兰",
  username: "lilan",
  title: "执业助理医师",
  roles: [{ role: "township-doctor", organization: { id: "T01", name: "石门镇卫生院" }, centre: null }],
};

export const WANGKE: SessionUser = {
  id: "u-wangke",
  name: "王珂",
  username: "wangke",
  title: "主治医师",
  roles: [
    {
      role: "reporting-physician",
      organization: { id: "C01", name: "云岭县人民医院" },
      centre: { id: "C01-ECG", name: "心电诊断中心", kind: "ecg" },
    },
  ],
};

export function aSession(user: SessionUser = LILAN): Session {
  return { user, expires_at: "2026-11-23T12:00:00Z", csrf: "csrf-of-the-test" };
}

export function aPatient(of: Partial<PatientSummary> = {}): PatientSummary {
  return {
    id: "p-majianguo",
    name: "马建国",
    sex: "male",
    age: 68,
    birth_date: "1958-03-12",
    masked_id: "9901**********0035",
    pinyin: "ma jianguo",
    assistance: null,
    ...of,
  };
}

export function anOrder(of: Partial<Order> = {}): Order {
  return {
    id: "o-1",
    number: "ECG-2611-0387",
    kind: "ecg",
    state: "ready",
    version: 3,
    priority: "emergency",
    centre: { id: "C01-ECG", name: "心电诊断中心" },
    organization: { id: "T01", name: "石门镇卫生院" },
    study_uid: "1.2.3",
    accession: "ECG-2611-0387",
    patient: aPatient(),
    dicom_patient: null,
    modalities: ["ECG"],
    title: "心电 12 导联",
    question: "胸痛 1 小时，是否心肌梗死",
    history: "胸痛 1 小时",
    instances: 1,
    expected_instances: 1,
    due_at: "2026-11-23T00:32:00Z",
    paused_at: null,
    paused_seconds: 0,
    limit_minutes: 15,
    received_at: "2026-11-23T00:17:00Z",
    complete_at: "2026-11-23T00:17:00Z",
    claimed_by: null,
    claim_expires_at: null,
    route_reason: { zh: "心电归心电诊断中心；协议有效", en: "ECG goes to the ECG centre; agreement valid" },
    rule_version: 1,
    flags: [],
    reader: null,
    return: null,
    fee_waiver: null,
    report_id: null,
    report_state: null,
    priors: 2,
    created_at: "2026-11-23T00:16:00Z",
    final_at: null,
    commands: [{ name: "claim", allowed: true }],
    ...of,
  };
}

const COUNTS: OrderCounts = {
  all: 1,
  mine: 0,
  receiving: 0,
  quarantined: 0,
  unrouted: 0,
  ready: 1,
  claimed: 0,
  "awaiting-verification": 0,
  returned: 0,
  amending: 0,
  critical: 0,
  "final-today": 0,
};

export function aPage(items: readonly Order[], counts: Partial<OrderCounts> = {}): OrderPage {
  return { items, next: null, counts: { ...COUNTS, all: items.length, ...counts } };
}

export function aReport(of: Partial<Report> = {}): Report {
  return {
    id: "r-1",
    order_id: "o-1",
    order_number: "ECG-2611-0387",
    version: 1,
    number: "ECG-2611-0387",
    edition: 1,
    state: "draft",
    preliminary: false,
    findings: "",
    impression: "",
    positive: false,
    critical: false,
    amend_kind: null,
    amend_reason: null,
    sent_back_reason: null,
    author: null,
    verifier: null,
    signed_at: null,
    released_at: null,
    updated_at: "2026-11-23T00:20:00Z",
    digest: null,
    verification_code: null,
    organization: { id: "T01", name: "石门镇卫生院" },
    centre: { id: "C01-ECG", name: "心电诊断中心" },
    study_uid: "1.2.3",
    patient: aPatient(),
    fee_waiver: null,
    editions: [],
    reads: [],
    commands: [],
    ...of,
  };
}
