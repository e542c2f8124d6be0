import { expect, test } from "vitest";
import { en } from "./en/index.ts";
import { zh } from "./zh-CN/index.ts";
import { late } from "./zh-CN/late.ts";

interface Tree {
  readonly [key: string]: string | Tree;
}

function texts(tree: Tree, path = ""): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === "string" ? [[`${path}${key}`, value] as [string, string]] : texts(value, `${path}${key}.`),
  );
}

const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).toSorted();

test("both languages have the same keys and the same placeholders", () => {
  const chinese = texts({ ...zh, ...late });
  const english = new Map(texts(en));
  expect([...english.keys()].toSorted()).toEqual(chinese.map(([key]) => key).toSorted());
  for (const [key, text] of chinese)
    expect([key, placeholders(english.get(key) ?? "")]).toEqual([key, placeholders(text)]);
});

test("no text is empty, shouts, or calls its reader 亲", () => {
  for (const [key, text] of [...texts(zh), ...texts(late), ...texts(en)]) {
    expect(text.trim(), key).not.toBe("");
    expect(text, key).not.toMatch(/[！!]|亲|哦/);
  }
});
