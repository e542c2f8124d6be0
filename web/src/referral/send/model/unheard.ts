/** Where a patient can go while nobody answers: the places that are known, without what was said of their beds. Pure. */
import { LineDown } from "../../../api/problems.ts";
import type { Target, Targets } from "../../../api/types.ts";

interface Asking {
  readonly data: Targets | undefined;
  readonly isPlaceholderData: boolean;
  readonly fetchStatus: string;
  readonly failureReason: unknown;
}

/** Nobody answered about this department yet, for the line is down; it is asked again until somebody does. */
export function isUnheard({ data, isPlaceholderData, fetchStatus, failureReason }: Asking): boolean {
  const answered = data !== undefined && !isPlaceholderData;
  return !answered && (fetchStatus === "paused" || failureReason instanceof LineDown);
}

const UNSAID: Target["reason"] = { zh: "", en: "" };

/** Places of an answer that was about another department: those that have this one, who they are and how far. */
export function withoutBeds({ targets, departments }: Targets, department: string): readonly Target[] {
  const having = departments.filter(({ names }) => names.includes(department));
  return targets
    .filter(({ organization }) => having.some(({ organization_id: id }) => id === organization.id))
    .map((it) => ({ ...it, department, free: null, age_minutes: null, stale: false, lacking: [], reason: UNSAID }));
}
