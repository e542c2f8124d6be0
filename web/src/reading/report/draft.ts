/**
 * What the reader writes, and what the hub has of it. One save is in flight at a time, later words are gathered, a
 * failure falls back to nothing: what is written stays. Pure, so that its races are tested without a network.
 */
import type { Report, ReportText } from "../../api/types.ts";

export type Saving =
  | { readonly at: "idle" }
  /** `sent`: what the hub was asked to keep; the reader may be further by now. */
  | { readonly at: "saving"; readonly sent: ReportText }
  | { readonly at: "failed"; readonly failure: unknown }
  /** Somebody else's words stand in the hub: both are shown, nobody is overwritten. */
  | { readonly at: "conflict"; readonly theirs: Report };

export interface Draft {
  readonly text: ReportText;
  readonly confirmed: ReportText;
  /** Of the report, as last confirmed. */
  readonly version: number;
  readonly savedAt: string | null;
  readonly saving: Saving;
}

export function textOf({ findings, impression, positive, critical }: ReportText): ReportText {
  return { findings, impression, positive, critical };
}

export function same(a: ReportText, b: ReportText): boolean {
  return (
    a.findings === b.findings && a.impression === b.impression && a.positive === b.positive && a.critical === b.critical
  );
}

export function begin(report: Report): Draft {
  const text = textOf(report);
  return { text, confirmed: text, version: report.version, savedAt: report.updated_at, saving: { at: "idle" } };
}

export type DraftEvent =
  | { readonly it: "edited"; readonly changed: Partial<ReportText> }
  | { readonly it: "sent" }
  | { readonly it: "saved"; readonly report: Report }
  | { readonly it: "failed"; readonly failure: unknown }
  | { readonly it: "conflicted"; readonly theirs: Report }
  /** The reader decided: what she wrote, on top of what stands; or what stands. */
  | { readonly it: "resolved"; readonly keep: "mine" | "theirs" }
  /** The hub's report as a query brought it. */
  | { readonly it: "heard"; readonly report: Report };

export function isDirty({ text, confirmed }: Draft): boolean {
  return !same(text, confirmed);
}

/** Whether a save is due: something new, nothing on the way, no question open. */
export function wantsSaving(draft: Draft): boolean {
  return isDirty(draft) && (draft.saving.at === "idle" || draft.saving.at === "failed");
}

function resolved(draft: Draft, keep: "mine" | "theirs"): Draft {
  if (draft.saving.at !== "conflict") return draft;
  const { theirs } = draft.saving;
  const theirText = textOf(theirs);
  return {
    text: keep === "mine" ? draft.text : theirText,
    confirmed: theirText,
    version: theirs.version,
    savedAt: theirs.updated_at,
    saving: { at: "idle" },
  };
}

/** A newer report is taken over only where nothing unsaved would be lost. */
function heard(draft: Draft, report: Report): Draft {
  if (report.version <= draft.version || draft.saving.at === "saving" || draft.saving.at === "conflict") return draft;
  if (same(textOf(report), draft.confirmed)) return { ...draft, version: report.version };
  return isDirty(draft) ? { ...draft, saving: { at: "conflict", theirs: report } } : begin(report);
}

export function after(draft: Draft, event: DraftEvent): Draft {
  switch (event.it) {
    case "edited":
      return { ...draft, text: { ...draft.text, ...event.changed } };
    case "sent":
      return { ...draft, saving: { at: "saving", sent: draft.text } };
    case "saved":
      return {
        ...draft,
        confirmed: textOf(event.report),
        version: event.report.version,
        savedAt: event.report.updated_at,
        saving: { at: "idle" },
      };
    case "failed":
      return { ...draft, saving: { at: "failed", failure: event.failure } };
    case "conflicted":
      return { ...draft, saving: { at: "conflict", theirs: event.theirs } };
    case "resolved":
      return resolved(draft, event.keep);
    case "heard":
      return heard(draft, event.report);
  }
}

/** A template's sentence that nobody has confirmed yet stands in ［］. */
const BLANK = /［[^［］]*］/g;

export function blanksIn(text: string): readonly { readonly from: number; readonly to: number }[] {
  return [...text.matchAll(BLANK)].map((match) => ({ from: match.index, to: match.index + match[0].length }));
}

/** Why it cannot be signed yet, in the order in which it is put right. */
export type Lack = "findings" | "impression" | "blanks";

export function lacksOf(text: ReportText, needsFindings: boolean): readonly Lack[] {
  const blanks = blanksIn(text.findings).length + blanksIn(text.impression).length;
  return [
    ...(needsFindings && text.findings.trim() === "" ? (["findings"] as const) : []),
    ...(text.impression.trim() === "" ? (["impression"] as const) : []),
    ...(blanks > 0 ? (["blanks"] as const) : []),
  ];
}
