import { expect, it } from "vitest";
import { changes } from "./changes.ts";

it("marks the side that a correction changed", () => {
  expect(changes("右侧少量胸腔积液", "左侧少量胸腔积液")).toEqual([
    { how: "gone", text: "右" },
    { how: "new", text: "左" },
    { how: "same", text: "侧少量胸腔积液" },
  ]);
});

it("marks an addendum as new alone", () => {
  expect(changes("未见气胸。", "未见气胸。建议复查。")).toEqual([
    { how: "same", text: "未见气胸。" },
    { how: "new", text: "建议复查。" },
  ]);
});

it("says nothing about equal texts but the text", () => {
  expect(changes("同", "同")).toEqual([{ how: "same", text: "同" }]);
  expect(changes("", "")).toEqual([]);
});
