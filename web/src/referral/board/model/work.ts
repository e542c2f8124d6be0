/** What a ward is asked before a command on a bed, and what the hub gets from it. Pure. */
import type { BedCommand } from "../../../api/resources/beds.ts";
import type { Bed, Pool } from "../../../api/types.ts";
import { toField, toHub } from "./civilTime.ts";

export type Field = "reason" | "until" | "expected" | "pool" | "label" | "sex" | "to";

/** The order never changes with the bed; those without fields act at once. */
export const WORK = [
  ["clean", []],
  ["unblock", []],
  ["occupy", ["label", "sex", "expected"]],
  ["expect", ["expected"]],
  ["vacate", []],
  ["move", ["to"]],
  ["confirm", []],
  ["block", ["reason", "until"]],
  ["relabel", ["pool", "reason"]],
] as const satisfies readonly (readonly [BedCommand, readonly Field[]])[];

export function fieldsOf(name: BedCommand): readonly Field[] {
  return WORK.find(([known]) => known === name)?.[1] ?? [];
}

export interface Answers {
  readonly reason: string;
  readonly until: string;
  readonly expected: string;
  readonly pool: Pool;
  readonly label: string;
  readonly sex: string;
  readonly to: string;
}

const OTHER_POOL: Readonly<Record<Pool, Pool>> = { general: "reserved", reserved: "general", emergency: "general" };

export function answersFor(bed: Bed, free: readonly Bed[]): Answers {
  return {
    reason: "",
    until: "",
    expected: toField(bed.occupancy?.expected_end_at ?? null),
    pool: OTHER_POOL[bed.pool],
    label: "",
    sex: bed.sex === "both" ? "" : bed.sex,
    to: free[0]?.id ?? "",
  };
}

/** What is still missing before the hub can be asked. */
export function missing(name: BedCommand, answers: Answers): Field | null {
  if ((name === "block" || name === "relabel") && answers.reason.trim() === "") return "reason";
  return name === "move" && answers.to === "" ? "to" : null;
}

/** What the hub gets beside what every command carries; nothing for those without questions. */
const BODIES: Readonly<Partial<Record<BedCommand, (answers: Answers) => object>>> = {
  block: ({ reason, until }) => ({ reason: reason.trim(), until: toHub(until) }),
  relabel: ({ pool, reason }) => ({ pool, reason: reason.trim() }),
  occupy: ({ label, sex, expected }) => ({ label: label.trim(), sex, expected_end_at: toHub(expected) }),
  expect: ({ expected }) => ({ expected_end_at: toHub(expected) }),
  move: ({ to }) => ({ to_bed_id: to }),
};

export function bodyOf(name: BedCommand, answers: Answers): object {
  return BODIES[name]?.(answers) ?? {};
}
