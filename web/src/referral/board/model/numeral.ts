/** Ⅰ, Ⅱ, Ⅲ, Ⅳ; nothing for what is no level. */
const NUMERALS: Readonly<Record<number, string>> = { 1: "Ⅰ", 2: "Ⅱ", 3: "Ⅲ", 4: "Ⅳ" };

export function numeralOf(level: number | null): string {
  return NUMERALS[level ?? 0] ?? "";
}
