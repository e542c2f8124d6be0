/** Rows that do not move under the hand, whatever the hub sends. */
import { describe, expect, it } from "vitest";
import { anOrder } from "../../testing/builders.ts";
import { addressOf, arrange, beside, countOf, nextToClaim, queryFrom, tabFrom } from "./model.ts";

const [a, b, c] = [anOrder({ id: "a" }), anOrder({ id: "b" }), anOrder({ id: "c" })];

describe("the list", () => {
  it("keeps its places while the hub sorts anew, and counts what waits behind the bar", () => {
    const arranged = arrange([a, b], [c, b, a]);
    expect([arranged.rows.map(({ id }) => id), arranged.waiting]).toEqual([["a", "b"], 1]);
  });

  it("fills a row in its place when somebody claimed it", () => {
    const claimed = anOrder({ id: "b", state: "claimed", claimed_by: { id: "luoyan", name: "罗燕" } });
    expect(arrange([a, b], [claimed, a]).rows[1]?.claimed_by?.name).toBe("罗燕");
  });

  it("lets a row that left stay until the next refresh, and says so", () => {
    const arranged = arrange([a, b], [b]);
    expect([arranged.rows.length, [...arranged.gone]]).toEqual([2, ["a"]]);
  });
});

describe("the hand", () => {
  it("moves with J and K and stops at both ends", () => {
    expect([beside([a, b], null, 1)?.id, beside([a, b], "a", 1)?.id, beside([a, b], "b", 1)?.id]).toEqual([
      "a",
      "b",
      "b",
    ]);
    expect(beside([], null, 1)).toBeNull();
  });

  it("takes the first that the hub lets this person claim", () => {
    const refused = anOrder({ id: "r", commands: [{ name: "claim", allowed: false, reason: "CLAIMED" }] });
    expect(nextToClaim([refused, b])?.id).toBe("b");
  });
});

describe("an order", () => {
  it("is read where its kind is read", () => {
    expect([addressOf(a), addressOf(anOrder({ id: "x", kind: "radiology" }))]).toEqual(["/ecg/a", "/read/x"]);
  });

  it("counts its images against what was announced", () => {
    expect([countOf(a), countOf(anOrder({ instances: 3, expected_instances: null }))]).toEqual(["1/1", "3"]);
  });
});

describe("the address", () => {
  it("names the tab; an unknown one is all that is open", () => {
    expect(queryFrom({ tab: tabFrom("returned"), centre: "C01-ECG", kind: "", organization: "" })).toEqual({
      state: "returned",
      centre: "C01-ECG",
    });
    expect(queryFrom({ tab: tabFrom("nonsense"), centre: "", kind: "", organization: "" })).toEqual({ state: "open" });
  });
});
