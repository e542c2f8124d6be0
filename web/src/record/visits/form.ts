/** A visit as typed, checked on the device as the hub checks it again, and as the hub takes it. Pure. */
import type { Adherence, Danger, FollowUp, FollowUpForm, FollowUpMode } from "../../api/types.ts";

export const FIGURES = ["systolic", "diastolic", "heart_rate", "glucose", "weight", "temperature"] as const;
export type Figure = (typeof FIGURES)[number];

export interface Visit {
  readonly on: string;
  readonly mode: FollowUpMode;
  readonly figures: Readonly<Record<Figure, string>>;
  readonly dangers: readonly Danger[];
  /** 都没有 was said, and is not merely the beginning. */
  readonly none: boolean;
  readonly adherence: Adherence | null;
  readonly adverse: boolean;
  readonly complication: boolean;
  readonly pregnant: boolean;
  readonly condition: NonNullable<FollowUpForm["condition"]>;
  readonly lifestyle: string;
  readonly problems: string;
}

export function begin(today: string, mode: FollowUpMode): Visit {
  return {
    on: today,
    mode,
    figures: { systolic: "", diastolic: "", heart_rate: "", glucose: "", weight: "", temperature: "" },
    dangers: [],
    none: false,
    adherence: null,
    adverse: false,
    complication: false,
    pregnant: false,
    condition: "",
    lifestyle: "",
    problems: "",
  };
}

export const numberOf = (typed: string): number | null => (typed.trim() === "" ? null : Number(typed));

/** Lowest and highest of a living person, and what another unit's numbers look like. */
const RANGES: Readonly<Record<Figure, readonly [number, number]>> = {
  systolic: [50, 300],
  diastolic: [20, 200],
  heart_rate: [20, 300],
  glucose: [0.5, 50],
  weight: [0.5, 300],
  temperature: [25, 45],
};
const KPA = { unit: "kPa", from: 3, to: 40, ours: (value: number) => value / 0.1333 };
const OTHER_UNITS: Readonly<
  Partial<Record<Figure, { unit: string; from: number; to: number; ours: (value: number) => number }>>
> = {
  systolic: KPA,
  diastolic: KPA,
  glucose: { unit: "mg/dL", from: 50, to: 900, ours: (value) => value / 18 },
  temperature: { unit: "°F", from: 77, to: 113, ours: (value) => (value - 32) / 1.8 },
};

export type Fault =
  | { readonly code: "FUTURE" | "BP_ORDER" | "BP_NEEDED" | "BP_HALF" }
  | {
      readonly code: "RANGE";
      readonly figure: Figure;
      readonly low: number;
      readonly high: number;
      /** The unit that is likely meant, with the value in ours. */
      readonly meant: { readonly unit: string; readonly value: string } | null;
    };

function rangeFault(figure: Figure, value: number | null): Fault | null {
  const [low, high] = RANGES[figure];
  if (value === null || (value >= low && value <= high)) return null;
  const other = OTHER_UNITS[figure];
  const fits = other !== undefined && value >= other.from && value <= other.to;
  const meant = fits ? { unit: other.unit, value: other.ours(value).toFixed(1).replace(/\.0$/, "") } : null;
  return { code: "RANGE", figure, low, high, meant };
}

function pressureFault(visit: Visit): Fault | null {
  const high = numberOf(visit.figures.systolic);
  const low = numberOf(visit.figures.diastolic);
  if (high !== null && low !== null) return high <= low ? { code: "BP_ORDER" } : null;
  if (high === null && low === null) return visit.mode === "phone" ? null : { code: "BP_NEEDED" };
  return { code: "BP_HALF" };
}

/** The first thing that cannot be true, in the hub's order; null for what can be saved. */
export function faultOf(visit: Visit, today: string): Fault | null {
  if (visit.on > today) return { code: "FUTURE" };
  const ranges = FIGURES.map((figure) => rangeFault(figure, numberOf(visit.figures[figure])));
  const upsideDown = pressureFault(visit);
  if (upsideDown?.code === "BP_ORDER") return upsideDown;
  return ranges.find((fault) => fault !== null) ?? upsideDown;
}

/** The numbers of the rule in force, as they came with the visit; without a line they are here too. */
export type Limits = Pick<FollowUp, "urgent_from" | "urgent_from_pregnant">;

export function limitOf({ pregnant }: Visit, limits: Limits): FollowUp["urgent_from"] {
  return pregnant ? limits.urgent_from_pregnant : limits.urgent_from;
}

/** High enough to be sent at once. */
export function isHigh(visit: Visit, limits: Limits): boolean {
  const { systolic, diastolic } = limitOf(visit, limits);
  const high = (numberOf(visit.figures.systolic) ?? 0) >= systolic;
  return high || (numberOf(visit.figures.diastolic) ?? 0) >= diastolic;
}

/** High enough, or a sign that is urgent by itself. */
export function isUrgent(visit: Visit, limits: Limits): boolean {
  return isHigh(visit, limits) || visit.dangers.length > 0;
}

export function bodyOf(visit: Visit): FollowUpForm {
  const figure = (name: Figure) => numberOf(visit.figures[name]);
  return {
    on: visit.on,
    mode: visit.mode,
    systolic: figure("systolic"),
    diastolic: figure("diastolic"),
    heart_rate: figure("heart_rate"),
    glucose: figure("glucose"),
    weight: figure("weight"),
    temperature: figure("temperature"),
    dangers: visit.dangers,
    pregnant: visit.pregnant,
    adherence: visit.adherence ?? "regular",
    adverse_reaction: visit.adverse,
    new_complication: visit.complication,
    condition: visit.condition,
    lifestyle: visit.lifestyle,
    problems: visit.problems,
  };
}
