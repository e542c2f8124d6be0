import { expect, test } from "vitest";
import { walk } from "./walk.ts";

/** Three tiles, then two, then a ward further down with one that stands further right. */
const PLACES = [
  { left: 0, top: 0 },
  { left: 100, top: 0 },
  { left: 200, top: 0 },
  { left: 0, top: 80 },
  { left: 100, top: 80 },
  { left: 150, top: 300 },
];

test("left and right follow the reading order across rows, and stop at the ends", () => {
  expect(walk(PLACES, 2, "ArrowRight")).toBe(3);
  expect(walk(PLACES, 3, "ArrowLeft")).toBe(2);
  expect(walk(PLACES, 0, "ArrowLeft")).toBe(0);
  expect(walk(PLACES, 5, "ArrowRight")).toBe(5);
});

test("up and down go to the nearest row and the nearest tile in it", () => {
  expect(walk(PLACES, 1, "ArrowDown")).toBe(4);
  expect(walk(PLACES, 2, "ArrowDown")).toBe(4);
  expect(walk(PLACES, 4, "ArrowDown")).toBe(5);
  expect(walk(PLACES, 5, "ArrowUp")).toBe(4);
  expect(walk(PLACES, 0, "ArrowUp")).toBe(0);
});
