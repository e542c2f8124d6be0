/** The board as the screen shows it: wards with the beds that pass the filters, counts, the quota's squares. Pure. */
import type { Bed, BedPage, BedState, Quota, SessionUser, Ward } from "../../../api/types.ts";

export const STATES = ["available", "held", "occupied", "to-clean", "blocked"] as const satisfies readonly BedState[];

export interface Filters {
  /** An organization's id, `all` for the whole county, empty for one's own. */
  readonly org: string;
  readonly ward: string;
  readonly state: string;
  readonly takes: string;
  readonly isolation: boolean;
  readonly ventilator: boolean;
}

export const EVERYWHERE = "all";

export function filtersFrom(search: URLSearchParams): Filters {
  return {
    org: search.get("org") ?? "",
    ward: search.get("ward") ?? "",
    state: search.get("state") ?? "",
    takes: search.get("takes") ?? "",
    isolation: search.get("isolation") === "1",
    ventilator: search.get("ventilator") === "1",
  };
}

/** Puts changed filters into an address; what is empty leaves it. */
export function withFilters(search: URLSearchParams, changed: Partial<Filters>): URLSearchParams {
  const next = new URLSearchParams(search);
  for (const [name, value] of Object.entries<string | boolean>(changed)) {
    if (value === "" || value === false) next.delete(name);
    else next.set(name, value === true ? "1" : value);
  }
  return next;
}

/** Each filter lets everything through until it is set. */
const PASSES: readonly ((bed: Bed, filters: Filters) => boolean)[] = [
  ({ ward_id }, { ward }) => ward === "" || ward_id === ward,
  (bed, { state }) => state === "" || bed.state === state,
  ({ sex }, { takes }) => takes === "" || sex === "both" || sex === takes,
  (bed, { isolation }) => !isolation || bed.isolation,
  ({ devices }, { ventilator }) => !ventilator || devices.includes("ventilator"),
];

export interface ShownWard {
  readonly ward: Ward;
  /** Every bed of the ward, for its counts. */
  readonly all: readonly Bed[];
  readonly shown: readonly Bed[];
}

/** Who may come at any minute stands first: bays, then beds for emergencies, then the hub's order. */
function urgency(beds: readonly Bed[]): number {
  if (beds.some(({ kind }) => kind === "bay")) return 0;
  return beds.some(({ pool }) => pool === "emergency") ? 1 : 2;
}

/** Wards of which something passes the filters. */
export function arrange(pages: readonly BedPage[], beds: readonly Bed[], filters: Filters): readonly ShownWard[] {
  const ofWard = new Map<string, Bed[]>();
  for (const bed of beds) ofWard.set(bed.ward_id, [...(ofWard.get(bed.ward_id) ?? []), bed]);
  return pages
    .flatMap(({ wards }) => wards)
    .map((ward) => {
      const all = ofWard.get(ward.id) ?? [];
      return { ward, all, shown: all.filter((bed) => PASSES.every((pass) => pass(bed, filters))) };
    })
    .filter(({ shown }) => shown.length > 0)
    .sort((a, b) => urgency(a.all) - urgency(b.all));
}

export function countsOf(beds: readonly Bed[]): Readonly<Record<BedState, number>> {
  const counts = { available: 0, held: 0, occupied: 0, "to-clean": 0, blocked: 0 };
  for (const { state } of beds) counts[state] += 1;
  return counts;
}

/** How many columns a ward takes of the eight: small ones stand side by side, and what filters leave of large ones. */
export function widthOf({ all, shown }: Pick<ShownWard, "all" | "shown">): "s3" | "s4" | "s5" | "s8" {
  if (shown.length < all.length) return shown.length <= 4 ? "s4" : "s8";
  return all.length <= 3 ? "s3" : all.length <= 5 ? "s5" : "s8";
}

/** One square for each reserved bed, in use first; what is dirty or blocked is neither in use nor free. */
export function squaresOf(quota: Quota): readonly ("used" | "held" | "free" | "out")[] {
  const out = Math.max(0, quota.reserved - quota.occupied - quota.held - quota.free);
  const of = <W extends string>(word: W, count: number) => Array.from({ length: count }, () => word);
  return [...of("used", quota.occupied), ...of("held", quota.held), ...of("free", quota.free), ...of("out", out)];
}

/** The house whose queue this person works on: the first of hers. */
export function ownHouse(user: SessionUser): string {
  return user.roles[0]?.organization.id ?? "";
}
