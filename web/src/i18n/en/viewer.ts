/** English of `zh-CN/viewer.ts`. */
import type { Shape } from "../shape.ts";
import type { viewer as zh } from "../zh-CN/viewer.ts";

export const viewer = {
  title: "Viewer",
} satisfies Shape<typeof zh>;
