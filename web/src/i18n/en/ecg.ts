/** English of `zh-CN/ecg.ts`. */
import type { Shape } from "../shape.ts";
import type { ecg as zh } from "../zh-CN/ecg.ts";

export const ecg = {
  title: "ECG",
} satisfies Shape<typeof zh>;
