/** Which templates a kind of report has; their words stand in the catalogue. ［…］ must be confirmed by a person. */
import type { Kind } from "../../api/types.ts";

export const TEMPLATES = {
  ecg: ["ecgNormal", "ecgFibrillation"],
  radiology: ["chest", "abdomen"],
  imaging: ["ultrasound", "abdomen"],
  lab: [],
} as const satisfies Record<Kind, readonly string[]>;
