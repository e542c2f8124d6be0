/** The resident ID number as it is typed (GB 11643-1999): what is wrong with it, or what it says. Pure. */

export type IdFault = "ID_FORMAT" | "ID_DATE" | "ID_CHECKSUM";

export interface ResidentId {
  readonly value: string;
  /** `1958-03-12` */
  readonly birthDate: string;
  readonly sex: "male" | "female";
}

export type ReadId =
  | { readonly at: "typing"; readonly left: number }
  | { readonly at: "wrong"; readonly fault: IdFault }
  | { readonly at: "good"; readonly id: ResidentId };

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS = "10X98765432";
const LENGTH = 18;

/** Full-width digits, spaces and a small x are how people and card readers type. */
export function tidied(raw: string): string {
  return raw
    .replace(/[\uFF01-\uFF5E]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/[\s-]/g, "")
    .toUpperCase();
}

/** ISO 7064 MOD 11-2 over the first seventeen digits. */
export function checkCharacter(seventeen: string): string {
  const total = WEIGHTS.reduce((sum, weight, at) => sum + weight * Number(seventeen[at]), 0);
  return CHECKS[total % 11] ?? "";
}

function isDate(year: number, month: number, day: number): boolean {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  return days !== undefined && day >= 1 && day <= days && year >= 1880;
}

/** What stands in the field so far; `today` as `2026-11-23`. */
export function readId(raw: string, today: string): ReadId {
  const value = tidied(raw);
  if (!/^\d{0,17}$|^\d{17}[\dX]$/.test(value)) return { at: "wrong", fault: "ID_FORMAT" };
  if (value.length < LENGTH) return { at: "typing", left: LENGTH - value.length };
  const birthDate = `${value.slice(6, 10)}-${value.slice(10, 12)}-${value.slice(12, 14)}`;
  if (
    !isDate(Number(value.slice(6, 10)), Number(value.slice(10, 12)), Number(value.slice(12, 14))) ||
    birthDate > today
  )
    return { at: "wrong", fault: "ID_DATE" };
  if (checkCharacter(value) !== value[17]) return { at: "wrong", fault: "ID_CHECKSUM" };
  return { at: "good", id: { value, birthDate, sex: Number(value[16]) % 2 === 1 ? "male" : "female" } };
}
