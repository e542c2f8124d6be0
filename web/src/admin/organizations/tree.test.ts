import { expect, it } from "vitest";
import type { Organization } from "../../api/types.ts";
import { treeOf } from "./tree.ts";

const one = (id: string, kind: Organization["kind"], parent_id: string | null): Organization => ({
  id,
  name: id,
  kind,
  division: "990101",
  parent_id,
  record_area: "",
  phone: "",
  beds: null,
  closed_at: null,
  centres: [],
  version: 1,
});

it("puts members beneath their hospital and villages beneath their township", () => {
  const county = [
    one("V0101", "village", "T01"),
    one("C01", "county", null),
    one("T02", "township", "C01"),
    one("T01", "township", "C01"),
  ];
  expect(treeOf(county).map(({ key, depth }) => [key, depth])).toEqual([
    ["C01", 1],
    ["T01", 2],
    ["V0101", 3],
    ["T02", 2],
  ]);
});

it("keeps one whose parent is not there", () => {
  expect(treeOf([one("T09", "township", "C09")]).map(({ key }) => key)).toEqual(["T09"]);
});
