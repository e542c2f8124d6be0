/** Whether a township has what comes home with a patient: each medicine and device asked for by name. Pure. */
import type { HomePlan } from "../../api/types.ts";

export const ANSWERS = ["here", "delivered", "missing"] as const;
export type Answer = (typeof ANSWERS)[number];

/** By name of the medicine or device; what nobody answered is not there. */
export type Stock = Readonly<Partial<Record<string, Answer>>>;

export interface Checked {
  readonly medicines: boolean;
  readonly equipment: boolean;
  readonly unanswered: readonly string[];
  readonly missing: readonly string[];
}

const isThere = (answer: Answer | undefined) => answer === "here" || answer === "delivered";

/** What the county brings counts as there; a plan without devices needs none. */
export function checkedOf(plan: Pick<HomePlan, "medicines" | "equipment">, stock: Stock): Checked {
  const all = [...plan.medicines, ...plan.equipment];
  return {
    medicines: plan.medicines.every((name) => isThere(stock[name])),
    equipment: plan.equipment.every((name) => isThere(stock[name])),
    unanswered: all.filter((name) => stock[name] === undefined),
    missing: all.filter((name) => stock[name] === "missing"),
  };
}
