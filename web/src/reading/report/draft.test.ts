/** The draft's races: each case is named after what a reader would lose without it. */
import { describe, expect, it } from "vitest";
import { aReport } from "../../testing/builders.ts";
import { after, begin, blanksIn, isDirty, lacksOf, wantsSaving, type DraftEvent } from "./draft.ts";

const story = (...events: readonly DraftEvent[]) => events.reduce(after, begin(aReport({ version: 4 })));
const edited = (findings: string): DraftEvent => ({ it: "edited", changed: { findings } });
const saved = (findings: string, version: number): DraftEvent => ({
  it: "saved",
  report: aReport({ findings, version }),
});

describe("a draft", () => {
  it("is saved when something is new, one save at a time", () => {
    expect(wantsSaving(story())).toBe(false);
    expect(wantsSaving(story(edited("肝")))).toBe(true);
    expect(wantsSaving(story(edited("肝"), { it: "sent" }, edited("肝脏")))).toBe(false);
  });

  it("goes on with the words that came while a save was on the way", () => {
    const draft = story(edited("肝"), { it: "sent" }, edited("肝脏"), saved("肝", 5));
    expect([draft.text.findings, draft.version, wantsSaving(draft)]).toEqual(["肝脏", 5, true]);
  });

  it("keeps what was written when the line is down, and tries again", () => {
    const draft = story(edited("肝"), { it: "sent" }, { it: "failed", failure: new Error("down") });
    expect([draft.text.findings, wantsSaving(draft)]).toEqual(["肝", true]);
  });

  it("takes a colleague's newer words when nothing of its own is unsaved", () => {
    const draft = story({ it: "heard", report: aReport({ findings: "脾", version: 6 }) });
    expect([draft.text.findings, isDirty(draft)]).toEqual(["脾", false]);
  });

  it("never overwrites: unsaved words and a colleague's stand side by side until somebody decides", () => {
    const theirs = aReport({ findings: "脾", version: 6 });
    const open = story(edited("肝"), { it: "sent" }, { it: "conflicted", theirs });
    expect([open.text.findings, wantsSaving(open)]).toEqual(["肝", false]);
    const mine = after(open, { it: "resolved", keep: "mine" });
    expect([mine.text.findings, mine.version, wantsSaving(mine)]).toEqual(["肝", 6, true]);
    const other = after(open, { it: "resolved", keep: "theirs" });
    expect([other.text.findings, other.version, wantsSaving(other)]).toEqual(["脾", 6, false]);
  });

  it("ignores an echo of an older version", () => {
    const draft = story(edited("肝"), { it: "sent" }, saved("肝", 7), { it: "heard", report: aReport({ version: 5 }) });
    expect([draft.text.findings, draft.version]).toEqual(["肝", 7]);
  });
});

describe("before signing", () => {
  it("finds template sentences that nobody has confirmed", () => {
    expect(blanksIn("胰腺［形态规整］，脾［不大］。")).toEqual([
      { from: 2, to: 8 },
      { from: 10, to: 14 },
    ]);
  });

  it("asks for findings, an impression and confirmed sentences", () => {
    const text = { findings: "", impression: " ", positive: false, critical: false };
    expect(lacksOf(text, true)).toEqual(["findings", "impression"]);
    expect(lacksOf({ ...text, impression: "［正常］" }, false)).toEqual(["blanks"]);
  });
});
