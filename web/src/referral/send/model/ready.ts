/** What a ticket still lacks before it is sent; the hub asks again. An emergency needs the least. Pure. */
import type { Target } from "../../../api/types.ts";
import { faultOf } from "./vitals.ts";
import { isGreen, type Written } from "./written.ts";

export type Lack =
  "level" | "department" | "to" | "diagnosis" | "vitals" | "code" | "reasonCode" | "summary" | "consent";

const isAgreed = (it: Written) => it.consentGiven && it.consentBy.trim() !== "";
const isEmpty = (text: string) => text.trim() === "";

export function lacksOf(it: Written, target: Target | null): readonly Lack[] {
  const planned = !isGreen(it.level);
  const found: Readonly<Record<Lack, boolean>> = {
    level: it.level === null,
    department: isEmpty(it.department),
    to: target === null && isEmpty(it.outside),
    diagnosis: [it.diagnosis, it.summary, it.code].every(isEmpty),
    vitals: faultOf(it.vitals) !== null,
    code: planned && isEmpty(it.code),
    reasonCode: planned && isEmpty(it.reasonCode),
    summary: planned && isEmpty(it.summary),
    consent: planned && !isAgreed(it),
  };
  return (Object.keys(found) as Lack[]).filter((name) => found[name]);
}
