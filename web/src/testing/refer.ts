/** What stands before a ticket, as the hub sends it: the record's prefill, the places, the patient's card. */
import type { Patient, Prefill, Target, Targets } from "../api/types.ts";
import { COUNTY_HOSPITAL } from "./referrals.ts";

export function aResident(of: Partial<Patient> = {}): Patient {
  return {
    id: "p-majianguo",
    name: "马建国",
    sex: "male",
    age: 68,
    birth_date: "1958-03-12",
    masked_id: "9901**********0035",
    pinyin: "ma jianguo",
    phone_masked: "138****0187",
    provisional: false,
    record_number: null,
    organization: { id: "T01", name: "石门镇卫生院" },
    assistance: null,
    visible: true,
    address: "石门镇石门村",
    allergies: "",
    identifiers: [],
    possible_duplicates: [],
    commands: [],
    ...of,
  } as Patient;
}

export function aPrefill(of: Partial<Prefill> = {}): Prefill {
  return {
    patient_id: "p-majianguo",
    allergies: "",
    assistance: [],
    medicines: ["阿司匹林 100 mg"],
    summary: "",
    diagnosis_name: "",
    reports: [],
    report_ids: [],
    study_uids: [],
    vitals: null,
    track: null,
    ...of,
  };
}

export function aTarget(of: Partial<Target> = {}): Target {
  return {
    organization: COUNTY_HOSPITAL,
    department: "CCU",
    free: 1,
    minutes: 42,
    confirmed_at: "2026-11-23T00:32:00Z",
    age_minutes: 1,
    stale: false,
    lacking: [],
    agreed: true,
    reason: { zh: "有 CCU，空床 1，路上 42 分，有协议。", en: "Has CCU, 1 free, 42 min, agreed." },
    ...of,
  };
}

export function aSuggestion(of: Partial<Targets> = {}): Targets {
  return {
    targets: [
      aTarget(),
      aTarget({ organization: { id: "H01", name: "市中心医院", phone: "8600 0120" }, free: 2, minutes: 68 }),
    ],
    scope: null,
    departments: [{ organization_id: "C01", names: ["CCU", "呼吸", "神内", "产科", "急诊"] }],
    ...of,
  };
}
