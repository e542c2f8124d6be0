/** Organizations as a tree: a lead hospital with its centres, members beneath it, villages beneath them. Pure. */
import type { Centre, Organization } from "../../api/types.ts";

export type Leaf =
  | { readonly at: "organization"; readonly key: string; readonly depth: number; readonly organization: Organization }
  | {
      readonly at: "centre";
      readonly key: string;
      readonly depth: number;
      readonly organization: Organization;
      readonly centre: Centre;
    };

const ORDER: Readonly<Record<Organization["kind"], number>> = {
  bureau: 0,
  higher: 1,
  county: 2,
  township: 3,
  village: 4,
};

function byKind(a: Organization, b: Organization): number {
  return ORDER[a.kind] - ORDER[b.kind] || a.id.localeCompare(b.id);
}

function branch(all: readonly Organization[], organization: Organization, depth: number): readonly Leaf[] {
  const below = all.filter(({ parent_id }) => parent_id === organization.id).toSorted(byKind);
  return [
    { at: "organization", key: organization.id, depth, organization },
    ...organization.centres.map((centre): Leaf => ({
      at: "centre",
      key: centre.id,
      depth: depth + 1,
      organization,
      centre,
    })),
    ...below.flatMap((member) => branch(all, member, depth + 1)),
  ];
}

/** Depth first; what names a parent that is not there stands at the top. */
export function treeOf(all: readonly Organization[]): readonly Leaf[] {
  const known = new Set(all.map(({ id }) => id));
  const tops = all.filter(({ parent_id }) => parent_id === null || !known.has(parent_id)).toSorted(byKind);
  return tops.flatMap((top) => branch(all, top, 1));
}
