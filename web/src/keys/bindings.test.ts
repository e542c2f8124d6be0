import { expect, test } from "vitest";
import { BINDINGS, isSingle, nameOf, TOGETHER } from "./bindings.ts";

test("no two commands that can listen together share a key", () => {
  for (const scopes of TOGETHER) {
    const keys = BINDINGS.filter(({ scope }) => scopes.includes(scope)).map((binding) => binding.keys);
    expect(keys.toSorted()).toEqual([...new Set<string>(keys)].toSorted());
  }
});

test("no first key of two is a key by itself beside it", () => {
  for (const scopes of TOGETHER) {
    const here = BINDINGS.filter(({ scope }) => scopes.includes(scope)).map((binding): string => binding.keys);
    const firsts = here.filter((keys) => keys.includes(" ")).map((keys) => keys.slice(0, keys.indexOf(" ")));
    for (const first of firsts) expect(here).not.toContain(first);
  }
});

test("no single letter signs", () => {
  const signs = BINDINGS.filter(({ command }) => command === "sign");
  expect(signs.length).toBeGreaterThan(0);
  for (const { keys } of signs) expect(isSingle(keys)).toBe(false);
});

test("a key press is written as the table writes it", () => {
  const press = { key: "s", ctrlKey: true, metaKey: false, altKey: false };
  expect(nameOf(press)).toBe("Ctrl+S");
  expect(nameOf({ ...press, key: " ", ctrlKey: false })).toBe("Space");
  expect(nameOf({ ...press, key: "?", ctrlKey: false })).toBe("?");
});
