/** English of `zh-CN/admin.ts`. */
import type { Shape } from "../shape.ts";
import type { admin as zh } from "../zh-CN/admin.ts";

export const admin = {
  title: "Organizations",
} satisfies Shape<typeof zh>;
