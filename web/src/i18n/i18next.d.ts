/** Makes i18next know our keys and their placeholders. */
import type { zh } from "./zh-CN/index.ts";
import type { late } from "./zh-CN/late.ts";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "translation";
    resources: { translation: typeof zh & typeof late };
    returnNull: false;
  }
}
