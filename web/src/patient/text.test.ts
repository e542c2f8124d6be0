/** Both languages say the same things with the same places to fill. */
import { expect, test } from "vitest";
import english from "./english.json";
import { fill, zh } from "./text.ts";

type Words = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

const places = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).sort();

function flat(words: Words): Readonly<Record<string, readonly string[]>> {
  const lines = Object.entries(words).flatMap(([name, text]) =>
    typeof text === "string"
      ? [[name, text]]
      : Object.entries(text).map(([inner, words]) => [`${name}.${inner}`, words]),
  );
  return Object.fromEntries(lines.map(([name = "", text = ""]) => [name, places(text)]));
}

test("English has every text of the Chinese, and asks for the same values", () => {
  expect(flat(english)).toEqual(flat(zh));
});

test("a text says its values, and nothing for one that is missing", () => {
  expect(fill(zh.waitLate, { n: 5 })).toBe("医生晚到 5 分钟，请您别走开");
  expect(fill("{a}{b}", { a: 1 })).toBe("1");
});
