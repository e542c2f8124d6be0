/** Vital signs as typed and as the hub takes them: mmHg, beats and breaths a minute, %, °C. Pure. */
import type { Vitals, VitalsNew } from "../../../api/types.ts";

export const NUMBERS = ["systolic", "diastolic", "heart_rate", "spo2", "respiratory_rate", "temperature"] as const;
export type NumberName = (typeof NUMBERS)[number];
export const AWAKE = ["A", "C", "V", "P", "U"] as const;
export type Awake = (typeof AWAKE)[number];

export type VitalsText = Readonly<Record<NumberName, string>> & {
  /** When they were measured; null for what nobody has measured yet. */
  readonly at: string | null;
  readonly awake: Awake;
  readonly onOxygen: boolean;
  readonly hypercapnic: boolean;
};

const text = (value: number | null) => (value === null ? "" : String(value));

const NOTHING: VitalsText = {
  systolic: "",
  diastolic: "",
  heart_rate: "",
  spo2: "",
  respiratory_rate: "",
  temperature: "",
  at: null,
  awake: "A",
  onOxygen: false,
  hypercapnic: false,
};

export function vitalsFrom(known: Vitals | null): VitalsText {
  if (known === null) return NOTHING;
  return {
    systolic: text(known.systolic),
    diastolic: text(known.diastolic),
    heart_rate: text(known.heart_rate),
    spo2: text(known.spo2),
    respiratory_rate: text(known.respiratory_rate),
    temperature: text(known.temperature),
    at: known.at,
    awake: AWAKE.find((each) => each === known.consciousness) ?? "A",
    onOxygen: known.on_oxygen,
    hypercapnic: known.hypercapnic,
  };
}

const numberOf = (typed: string) => (typed.trim() === "" ? null : Number(typed));

export function isMeasured(it: VitalsText): boolean {
  return NUMBERS.some((name) => it[name].trim() !== "");
}

/** Null where nothing was measured: no score is made of defaults. */
export function vitalsOf(it: VitalsText): VitalsNew | null {
  if (!isMeasured(it)) return null;
  return {
    at: it.at,
    systolic: numberOf(it.systolic),
    diastolic: numberOf(it.diastolic),
    heart_rate: numberOf(it.heart_rate),
    spo2: numberOf(it.spo2),
    respiratory_rate: numberOf(it.respiratory_rate),
    temperature: numberOf(it.temperature),
    consciousness: it.awake,
    on_oxygen: it.onOxygen,
    hypercapnic: it.hypercapnic,
  };
}

/** What the hub's form can take; beyond it a finger slipped. */
const RANGES: Readonly<Record<NumberName, readonly [number, number]>> = {
  systolic: [0, 350],
  diastolic: [0, 250],
  heart_rate: [0, 400],
  spo2: [0, 100],
  respiratory_rate: [0, 120],
  temperature: [20, 46],
};

export type VitalsFault = { readonly code: "BP_ORDER" } | { readonly code: "RANGE"; readonly name: NumberName };

export function faultOf(it: VitalsText): VitalsFault | null {
  for (const name of NUMBERS) {
    const value = numberOf(it[name]);
    const [low, high] = RANGES[name];
    if (value !== null && !(value >= low && value <= high)) return { code: "RANGE", name };
  }
  const [high, low] = [numberOf(it.systolic), numberOf(it.diastolic)];
  return high !== null && low !== null && high <= low ? { code: "BP_ORDER" } : null;
}

/** What a nurse would look at twice: red on the screen, with its number; never the ticket's level. */
export function isAlarming(name: NumberName, typed: string): boolean {
  const value = numberOf(typed);
  if (value === null || Number.isNaN(value)) return false;
  const [low, high] = NORMAL[name];
  return value < low || value > high;
}

const NORMAL: Readonly<Record<NumberName, readonly [number, number]>> = {
  systolic: [100, 179],
  diastolic: [50, 109],
  heart_rate: [51, 110],
  spo2: [94, 100],
  respiratory_rate: [12, 20],
  temperature: [36, 38],
};
