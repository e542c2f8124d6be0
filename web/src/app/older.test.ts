import { describe, expect, it } from "vitest";
import { lend } from "./older.ts";

describe("what old browsers lack", () => {
  it("is lent to a prototype without it, and changes copies only", () => {
    const bare: Partial<Pick<number[], "toSorted" | "toReversed" | "with">> = {};
    lend(bare);
    const numbers = [3, 1, 2];
    expect(bare.toSorted?.call(numbers)).toEqual([1, 2, 3]);
    expect(bare.toReversed?.call(numbers)).toEqual([2, 1, 3]);
    expect(bare.with?.call(numbers, -1, 9)).toEqual([3, 1, 9]);
    expect(numbers).toEqual([3, 1, 2]);
  });

  it("leaves what is there", () => {
    const own = { toSorted: "its own" };
    lend(own);
    expect(own.toSorted).toBe("its own");
  });
});
