/** English of `zh-CN/record.ts`. */
import type { Shape } from "../shape.ts";
import type { record as zh } from "../zh-CN/record.ts";

export const record = {
  title: "Desk",
} satisfies Shape<typeof zh>;
