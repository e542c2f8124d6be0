/** What a pathway brings: its department where the patient goes, a monitored bed, a first code. Pure. */
import type { Pathway, Targets } from "../../../api/types.ts";

/** Departments of a pathway, the first that the place has; and whether a monitored bed is needed. */
const PATHWAYS: Readonly<Record<Pathway, { readonly departments: readonly string[]; readonly icu: boolean }>> = {
  "chest-pain": { departments: ["CCU", "心内"], icu: true },
  stroke: { departments: ["卒中", "神内", "急诊"], icu: false },
  trauma: { departments: ["创伤", "急诊", "骨科"], icu: false },
  obstetric: { departments: ["产科"], icu: false },
};
export const PATHWAY_NAMES = Object.keys(PATHWAYS) as readonly Pathway[];
/** Symptom codes of ICD-10: what a pathway may be sent with before anybody knows more. */
export const FIRST_CODE: Readonly<Record<Pathway, string>> = {
  "chest-pain": "R07.4",
  stroke: "I64",
  trauma: "T14.9",
  obstetric: "O26.9",
};

/** Tell whether a monitored bed is needed: on its own ward, and not on the one that stands in for it. */
export function needsIcu(pathway: Pathway | null, department: string): boolean {
  return pathway !== null && PATHWAYS[pathway].icu && department === PATHWAYS[pathway].departments[0];
}

/** The pathway's department: one that the place has, else one that any has. */
export function departmentOf(pathway: Pathway, offered: Offered): string {
  const { departments } = PATHWAYS[pathway];
  const first = (names: readonly string[]) => departments.find((name) => names.includes(name));
  return first(offered.here) ?? first(offered.anywhere) ?? departments[0] ?? "";
}

/** Departments: of all places, each once, and of the place that was chosen, else of the best that is offered. */
export interface Offered {
  readonly anywhere: readonly string[];
  readonly here: readonly string[];
}

export function offeredBy(suggestion: Targets | undefined, to: string | null): Offered {
  const places = suggestion?.departments ?? [];
  const at = to ?? suggestion?.targets[0]?.organization.id;
  return {
    anywhere: [...new Set(places.flatMap(({ names }) => names))].toSorted(),
    here: places.find(({ organization_id }) => organization_id === at)?.names ?? [],
  };
}
