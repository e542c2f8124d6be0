import { expect, test } from "vitest";
import css from "./tokens.css?raw";

/** WCAG 2.2 relative luminance and contrast. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

function tokens(selector: string): Map<string, string> {
  const block = css.slice(css.indexOf(selector), css.indexOf("}", css.indexOf(selector)));
  return new Map([...block.matchAll(/--(\w+): (#[0-9a-f]{6});/g)].map(([, name = "", hex = ""]) => [name, hex]));
}

const light = tokens(":root {");
const dark = new Map([...light, ...tokens(':root[data-theme="dark"] {')]);

const GROUNDS = ["surface", "bg"];
const TEXT: readonly (readonly [string, string])[] = [
  ...["ink", "ink2", "ink3", "brand", "crit", "due", "over", "pause", "ok", "mach", "info"].flatMap((ink) =>
    GROUNDS.map((ground) => [ink, ground] as const),
  ),
  ...["brand", "crit", "due", "over", "pause", "ok", "mach", "info"].map((ink) => [ink, `${ink}Bg`] as const),
  ["ink2", "sunken"],
  ["ink3", "sunken"],
  ["ink3", "brandBg"],
  ["ink3", "critBg"],
  ["due", "brandBg"],
  ["due", "critBg"],
  ["over", "brandBg"],
  ["on", "brand"],
  ["l1ink", "l1"],
  ["l2ink", "l2"],
  ["l3ink", "l3"],
  ["l4ink", "l4"],
  ["tierR", "tierRbg"],
  ["tierY", "tierYbg"],
  ["tierG", "tierGbg"],
  ["railInk", "rail"],
  ["railOnInk", "railOn"],
  ["toastInk", "toast"],
  ["toastLink", "toast"],
  ["okOn", "ok"],
];

test.each([
  ["light", light],
  ["dark", dark],
] as const)("every text pair reaches 4.5 and every control edge 3, in %s", (_theme, values) => {
  const of = (name: string) => values.get(name) ?? "";
  const poor = TEXT.filter(([ink, ground]) => contrast(of(ink), of(ground)) < 4.5);
  expect(poor).toEqual([]);
  for (const ground of GROUNDS) expect(contrast(of("field"), of(ground))).toBeGreaterThanOrEqual(3);
  for (const fill of ["critFill", "critBand"]) expect(contrast("#ffffff", of(fill))).toBeGreaterThanOrEqual(4.5);
});
