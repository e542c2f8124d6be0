/** The opinion as it is written: mine, what was last confirmed, and what somebody else wrote meanwhile. Pure. */
import type { ConsultOpinion, OpinionText } from "../api/types.ts";

export interface Draft {
  readonly text: OpinionText;
  readonly confirmed: OpinionText;
  readonly version: number;
  /** What a colleague saved over what I saw; I decide which stays. */
  readonly theirs: ConsultOpinion | null;
  readonly saving: "idle" | "sent" | "failed";
  readonly failure: unknown;
}

export type DraftEvent =
  | { readonly it: "typed"; readonly part: Partial<OpinionText> }
  | { readonly it: "heard"; readonly opinion: ConsultOpinion }
  | { readonly it: "sent" }
  | { readonly it: "saved"; readonly opinion: ConsultOpinion }
  | { readonly it: "failed"; readonly failure: unknown }
  | { readonly it: "chose"; readonly whose: "mine" | "theirs" };

export function textOf(opinion: ConsultOpinion): OpinionText {
  const { findings, diagnosis, differential, further_tests, treatment, refer, refer_level, insufficient, limits } =
    opinion;
  return { findings, diagnosis, differential, further_tests, treatment, refer, refer_level, insufficient, limits };
}

export function begin(opinion: ConsultOpinion): Draft {
  const text = textOf(opinion);
  return { text, confirmed: text, version: opinion.version, theirs: null, saving: "idle", failure: null };
}

export function isDirty({ text, confirmed }: Draft): boolean {
  return JSON.stringify(text) !== JSON.stringify(confirmed);
}

/** There are words to save, none are under way, and nobody has to be asked first. */
export function wantsSaving(draft: Draft): boolean {
  return isDirty(draft) && draft.theirs === null && draft.saving !== "sent";
}

/** Newer words from elsewhere: taken where I wrote nothing, else both stand and I am asked. */
function heard(draft: Draft, opinion: ConsultOpinion): Draft {
  if (opinion.version <= draft.version || draft.saving === "sent") return draft;
  return isDirty(draft) ? { ...draft, theirs: opinion } : begin(opinion);
}

function chose(draft: Draft, whose: "mine" | "theirs"): Draft {
  if (draft.theirs === null) return draft;
  const taken = begin(draft.theirs);
  return whose === "theirs" ? taken : { ...taken, text: draft.text };
}

export function after(draft: Draft, event: DraftEvent): Draft {
  switch (event.it) {
    case "typed":
      return { ...draft, text: { ...draft.text, ...event.part } };
    case "heard":
      return heard(draft, event.opinion);
    case "sent":
      return { ...draft, saving: "sent", failure: null };
    case "saved":
      return { ...begin(event.opinion), text: draft.text };
    case "failed":
      return { ...draft, saving: "failed", failure: event.failure };
    case "chose":
      return chose(draft, event.whose);
  }
}
