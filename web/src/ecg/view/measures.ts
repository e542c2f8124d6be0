/** The rows of the measurement table: what the device said, what our machine says, what it said last time. */
import type { Ecg } from "../../api/types.ts";

export type MeasureKey = "heartRate" | "pr" | "qrs" | "qt" | "qtc" | "axis" | "st";

export interface MeasureRow {
  readonly key: MeasureKey;
  /** The lead, for ST rows. */
  readonly lead: string | null;
  readonly unit: string;
  readonly digits: number;
  readonly device: number | null;
  readonly machine: number | null;
  readonly prior: number | null;
}

const DEVICE_NAMES: Readonly<Record<Exclude<MeasureKey, "st">, string>> = {
  heartRate: "heart-rate",
  pr: "pr",
  qrs: "qrs",
  qt: "qt",
  qtc: "qtc",
  axis: "qrs-axis",
};
const MACHINE_NAMES = {
  heartRate: "heart_rate_bpm",
  pr: "pr_ms",
  qrs: "qrs_ms",
  qt: "qt_ms",
  qtc: "qtc_ms",
  axis: "axis_deg",
} as const;
const UNITS: Readonly<Record<Exclude<MeasureKey, "st">, string>> = {
  heartRate: "/min",
  pr: "ms",
  qrs: "ms",
  qt: "ms",
  qtc: "ms",
  axis: "°",
};
const ORDER = ["heartRate", "pr", "qrs", "qt", "qtc", "axis"] as const;
/** Below this an ST level is not worth a row (mV). */
const ST_SHOWN_FROM = 0.1;
const MOST_ST_ROWS = 4;

export function measureRows(now: Ecg, prior: Ecg | null): readonly MeasureRow[] {
  const rows = ORDER.map((key) => ({
    key,
    lead: null,
    unit: UNITS[key],
    digits: 0,
    device: saidByDevice(now, key),
    machine: now.opinion.measurements[MACHINE_NAMES[key]],
    prior: prior?.opinion.measurements[MACHINE_NAMES[key]] ?? null,
  }));
  return [...rows, ...stRows(now, prior)];
}

/** A device that states only the distance between beats has stated the rate. */
function saidByDevice({ device_measurements: said }: Ecg, key: keyof typeof DEVICE_NAMES): number | null {
  const valueOf = (name: string) => said.find((one) => one.name === name)?.value;
  const rr = valueOf("rr");
  const value = valueOf(DEVICE_NAMES[key]);
  if (value === undefined && key === "heartRate" && rr !== undefined && rr > 0) return 60_000 / rr;
  return value ?? null;
}

/** The leads whose ST segment moved furthest, either way. */
function stRows(now: Ecg, prior: Ecg | null): readonly MeasureRow[] {
  const moved = Object.entries(now.opinion.measurements.st_mv).filter(([, mV]) => Math.abs(mV) >= ST_SHOWN_FROM);
  return [...moved]
    .sort(([, a], [, b]) => Math.abs(b) - Math.abs(a))
    .slice(0, MOST_ST_ROWS)
    .map(([lead, mV]) => ({
      key: "st",
      lead,
      unit: "mV",
      digits: 2,
      device: null,
      machine: mV,
      prior: prior?.opinion.measurements.st_mv[lead] ?? null,
    }));
}

/** A number as people write it, with a real minus; nothing measured is a dash, never a guess. */
export function written(value: number | null, digits: number, signed = false): string {
  if (value === null) return "—";
  const sign = value < 0 ? "−" : signed ? "+" : "";
  return `${sign}${Math.abs(value).toFixed(digits)}`;
}
