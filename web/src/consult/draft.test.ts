/** Two who write one opinion: nobody's words are lost, and nobody overwrites what she has not seen. */
import { expect, test } from "vitest";
import { anOpinion } from "../testing/consults.ts";
import { after, begin, isDirty, wantsSaving, type DraftEvent } from "./draft.ts";

const SEEN = anOpinion();
const THEIRS = anOpinion({ version: 2, treatment: "阿司匹林" });
const draftAfter = (...events: readonly DraftEvent[]) => events.reduce(after, begin(SEEN));
const typed: DraftEvent = { it: "typed", part: { diagnosis: "心绞痛" } };

test("what is typed wants saving until the hub has it", () => {
  const draft = draftAfter(typed);
  expect([isDirty(draft), wantsSaving(draft)]).toEqual([true, true]);
  expect(wantsSaving(after(draft, { it: "sent" }))).toBe(false);
  const saved = draftAfter(
    typed,
    { it: "sent" },
    { it: "saved", opinion: anOpinion({ version: 2, diagnosis: "心绞痛" }) },
  );
  expect([isDirty(saved), saved.version]).toEqual([false, 2]);
});

test("what was typed while it was being saved is saved next", () => {
  const more: DraftEvent = { it: "typed", part: { limits: "无 HbA1c" } };
  const draft = draftAfter(typed, { it: "sent" }, more, {
    it: "saved",
    opinion: anOpinion({ version: 2, diagnosis: "心绞痛" }),
  });
  expect([wantsSaving(draft), draft.text.limits]).toEqual([true, "无 HbA1c"]);
});

test("a colleague's words appear where I wrote nothing", () => {
  expect(draftAfter({ it: "heard", opinion: THEIRS }).text.treatment).toBe("阿司匹林");
  expect(draftAfter({ it: "heard", opinion: THEIRS }, { it: "heard", opinion: SEEN }).version).toBe(2);
});

test("where both wrote I choose, and until then nothing is saved", () => {
  const both = draftAfter(typed, { it: "heard", opinion: THEIRS });
  expect([wantsSaving(both), both.theirs]).toEqual([false, THEIRS]);
  const mine = after(both, { it: "chose", whose: "mine" });
  expect([mine.version, mine.text.diagnosis, wantsSaving(mine)]).toEqual([2, "心绞痛", true]);
  const theirs = after(both, { it: "chose", whose: "theirs" });
  expect([theirs.text.diagnosis, isDirty(theirs)]).toEqual(["", false]);
});
