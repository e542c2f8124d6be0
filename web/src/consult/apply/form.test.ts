/** What of the form is sent: times only of a call, an approval only of an emergency without the written word. */
import { expect, test } from "vitest";
import { bodyOf, isNeeded, needsApproval, type Written } from "./form.ts";

const FORM: Written = {
  to_org: "C01",
  service: "consult",
  mode: "video",
  urgency: "emergency",
  specialties: ["心内"],
  summary: "昏迷",
  purpose: "如何处置",
  times: { first: "2026-11-23T15:00", third: "2026-11-23T16:00" },
  written: false,
  approved_by: "haiying",
  approval_reason: "家属在路上",
};

test("wanted times are the county's, and those left empty are none", () => {
  expect(bodyOf(FORM, "p-1", null).wanted_times).toEqual(["2026-11-23T07:00:00.000Z", "2026-11-23T08:00:00.000Z"]);
  expect(bodyOf({ ...FORM, mode: "written" }, "p-1", null).wanted_times).toEqual([]);
});

test("who approves is sent for an emergency without the written word, and for nothing else", () => {
  const consentOf = (change: Partial<Written>) => bodyOf({ ...FORM, ...change }, "p-1", null).consent;
  expect(consentOf({})).toMatchObject({ written: false, approved_by: "haiying", approval_reason: "家属在路上" });
  expect(consentOf({ written: true, by: "马小军" })).toEqual({ written: true, by: "马小军", relation: "" });
  expect(consentOf({ urgency: "urgent" })).toEqual({ written: false, by: "", relation: "" });
});

test("an emergency needs the least", () => {
  expect(["summary", "purpose", "reason", "name"].filter((field) => isNeeded(field, "emergency"))).toEqual([
    "summary",
    "purpose",
  ]);
  expect(isNeeded("reason", "routine")).toBe(true);
  expect(needsApproval({ urgency: "emergency", written: true })).toBe(false);
});

test("the study that the applicant came from goes with it", () => {
  expect(bodyOf(FORM, "p-1", "1.2.3")).toMatchObject({ patient_id: "p-1", study_uids: ["1.2.3"] });
});
