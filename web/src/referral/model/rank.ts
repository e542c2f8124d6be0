/** What a ticket's place was computed from, as the rule stored it. Pure: it reads numbers, and computes none anew. */
import type { Explanation } from "../../api/types.ts";

export interface Sum {
  readonly ageing: number;
  readonly priority: number;
  readonly distance: number;
  readonly score: number;
}

const numberIn = (inputs: Explanation["inputs"], name: string): number | null => {
  const value = inputs[name];
  return typeof value === "number" ? value : null;
};

/** The sum as the rule made it; null where the rule kept none (a bed is held already, or nothing is added). */
export function sumOf({ inputs }: Explanation): Sum | null {
  const [ageing, priority, distance, score] = ["ageing", "priority", "distance", "score"].map((name) =>
    numberIn(inputs, name),
  );
  if (ageing == null || priority == null || distance == null || score == null) return null;
  return { ageing, priority, distance, score };
}

/** The moment for which the rule computed it. */
export function computedAt({ inputs }: Explanation): string | null {
  return typeof inputs["now"] === "string" ? inputs["now"] : null;
}

/** Past its target: the wait alone decides, and a person triages again. */
export function isOverdue({ inputs }: Explanation): boolean {
  return inputs["overdue"] === true;
}

/** The inputs as lines: plain values only, in the rule's order. */
export function inputsOf({ inputs }: Explanation): readonly (readonly [string, string])[] {
  return Object.entries(inputs).flatMap(([name, value]) =>
    typeof value === "string" || typeof value === "number" || typeof value === "boolean"
      ? [[name, String(value)] as const]
      : [],
  );
}
