/** English of `zh-CN/reading.ts`. */
import type { Shape } from "../shape.ts";
import type { reading as zh } from "../zh-CN/reading.ts";

export const reading = {
  title: "Worklist",
} satisfies Shape<typeof zh>;
