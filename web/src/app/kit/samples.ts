/** People and orders of the gallery: the demo county's chest-pain morning. */
import { now } from "../../api/clock.ts";
import type { Order, PatientSummary } from "../../api/types.ts";

const MINUTE = 60_000;

/** A time so many minutes from now, on the wire. */
export function inMinutes(minutes: number): string {
  const at = now() + minutes * MINUTE;
  return onTheWire(at);
}

function onTheWire(at: number): string {
  const formatted = new Intl.DateTimeFormat("sv-SE", { timeZone: "UTC", dateStyle: "short", timeStyle: "medium" });
  return `${formatted.format(at).replace(" ", "T")}Z`;
}

export const MA: PatientSummary = {
  id: "p1",
  name: "马建国",
  sex: "male",
  age: 68,
  birth_date: "1958-03-12",
  masked_id: "9901**********0035",
  assistance: ["医疗救助"],
  pinyin: "ma jianguo",
};

export function sampleOrder(of: Partial<Order>): Order {
  return {
    id: of.number ?? "o",
    number: "ECG-2611-0387",
    kind: "ecg",
    state: "ready",
    version: 1,
    priority: "emergency",
    centre: { id: "C01-ECG", name: "心电诊断中心" },
    organization: { id: "T01", name: "石门镇卫生院" },
    study_uid: null,
    accession: "",
    patient: MA,
    dicom_patient: null,
    modalities: ["ECG"],
    title: "心电 12 导联",
    question: "",
    history: "",
    instances: 1,
    expected_instances: 1,
    due_at: inMinutes(6.3),
    paused_at: null,
    paused_seconds: 0,
    limit_minutes: 30,
    received_at: null,
    complete_at: null,
    claimed_by: null,
    claim_expires_at: null,
    route_reason: null,
    rule_version: null,
    flags: [],
    reader: null,
    return: null,
    fee_waiver: null,
    report_id: null,
    report_state: null,
    priors: 2,
    created_at: inMinutes(-20),
    final_at: null,
    commands: [{ name: "claim", allowed: true }],
    ...of,
  };
}

const named = (name: string, sex: "male" | "female", age: number): PatientSummary => ({
  ...MA,
  id: name,
  name,
  sex,
  age,
});

export function sampleOrders(): readonly Order[] {
  return [
    sampleOrder({
      number: "ECG-2611-0387",
      state: "claimed",
      claimed_by: { id: "me", name: "王珂" },
      flags: [{ code: "CRITICAL", level: "critical", zh: "危急值 待复读", en: "Critical, not read back" }],
    }),
    sampleOrder({
      number: "CT-2611-0071",
      title: "头颅 CT 平扫",
      patient: named("虎占山", "male", 59),
      due_at: inMinutes(7.1),
      instances: 34,
      flags: [{ code: "MACHINE", level: "machine", zh: "机器：疑出血", en: "Machine: bleeding?" }],
    }),
    sampleOrder({
      number: "DR-2611-0142",
      title: "胸部 DR 正位",
      due_at: inMinutes(24.3),
      flags: [{ code: "CHARSET", level: "warn", zh: "姓名编码已推断", en: "Name encoding guessed" }],
    }),
    sampleOrder({
      number: "DR-2611-0136",
      title: "左踝 DR",
      priority: "urgent",
      state: "claimed",
      patient: named("海小军", "male", 34),
      claimed_by: { id: "luoyan", name: "罗燕" },
      due_at: inMinutes(-2.2),
      priors: 0,
    }),
    sampleOrder({
      number: "CT-2611-0072",
      title: "上腹 CT 平扫+增强",
      priority: "urgent",
      state: "receiving",
      patient: named("李玉珍", "female", 64),
      due_at: null,
      instances: 148,
      expected_instances: 212,
    }),
    sampleOrder({
      number: "DR-2611-0139",
      title: "胸部 DR 正侧位",
      priority: "routine",
      state: "returned",
      patient: named("田桂兰", "female", 71),
      due_at: inMinutes(30),
      paused_at: inMinutes(22.1),
    }),
    sampleOrder({
      number: "ECG-2611-0384",
      priority: "routine",
      state: "awaiting-verification",
      patient: named("田秀花", "female", 48),
      due_at: inMinutes(66),
      limit_minutes: 120,
      claimed_by: { id: "chenyue", name: "陈岳" },
    }),
    sampleOrder({
      number: "DR-2611-0099",
      title: "胸部 DR",
      priority: "routine",
      state: "quarantined",
      patient: null,
      due_at: null,
    }),
  ];
}
