/**
 * What a bed's tile itself says about a patient: shown while a card is carried, so that nobody drops it for nothing.
 * Pools, ages and everything else are the hub's to judge, and its answer counts.
 */
import type { Bed, Referral } from "../../../api/types.ts";

export type Misfit = "state" | "bay" | "house" | "department" | "sex" | "isolation" | "monitor" | "devices";

type Asked = Pick<Referral, "needs" | "department" | "patient" | "to">;

function isWrongSex(bed: Bed, ticket: Asked): boolean {
  return bed.sex !== "both" && ticket.patient !== null && ticket.patient.sex !== bed.sex;
}

function lacks(bed: Bed, { needs }: Asked): boolean {
  return needs.devices.some((device) => !bed.devices.includes(device) && !(device === "monitor" && bed.monitored));
}

/** In the order in which the hub asks; the first that is true is said. */
const RULES: readonly (readonly [Misfit, (bed: Bed, ticket: Asked) => boolean])[] = [
  ["house", (bed, { to }) => bed.organization_id !== to?.id],
  ["bay", ({ kind }) => kind === "bay"],
  ["state", ({ state }) => state !== "available"],
  ["department", (bed, { needs, department }) => bed.department !== (needs.department || department)],
  ["sex", isWrongSex],
  ["isolation", (bed, { needs }) => needs.isolation && !bed.isolation],
  ["monitor", (bed, { needs }) => needs.icu && !bed.monitored],
  ["devices", lacks],
];

export function misfitOf(ticket: Asked, bed: Bed): Misfit | null {
  return RULES.find(([, applies]) => applies(bed, ticket))?.[0] ?? null;
}

/** The rule's own choice, then beds for everybody, then those that only some may have. */
function order(bed: Bed, offered: string | null | undefined): number {
  if (bed.id === offered) return 0;
  return bed.pool === "general" ? 1 : 2;
}

/** Beds for which nothing on their tiles speaks against it, the most likely first. */
export function fitting(ticket: Asked, beds: readonly Bed[], offered?: string | null): readonly Bed[] {
  const found = beds.filter((bed) => misfitOf(ticket, bed) === null);
  return found.sort((a, b) => order(a, offered) - order(b, offered));
}
