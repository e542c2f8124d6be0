/** Autosave: a moment after the last key, one at a time, with the version that the reader saw. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useReducer } from "react";
import { Problem } from "../../api/problems.ts";
import { reports } from "../../api/resources/reports.ts";
import type { Report } from "../../api/types.ts";
import { after, begin, isDirty, wantsSaving, type Draft, type DraftEvent } from "./draft.ts";

const AFTER_LAST_KEY_MS = 1_200;
const TRY_AGAIN_MS = 5_000;

export interface Writing {
  readonly draft: Draft;
  readonly tell: (event: DraftEvent) => void;
  /** Saves now; the answer is the version that stands, or null when something is in the way. */
  readonly saveNow: () => Promise<number | null>;
}

/** Leaving with unsaved words asks first. */
function useLeavingAsks(dirty: boolean): void {
  useEffect(() => {
    if (!dirty) return;
    const ask = (event: BeforeUnloadEvent) => {
      event.preventDefault();
    };
    window.addEventListener("beforeunload", ask);
    return () => {
      window.removeEventListener("beforeunload", ask);
    };
  }, [dirty]);
}

export function useDraft(report: Report): Writing {
  const cache = useQueryClient();
  const [draft, tell] = useReducer(after, report, begin);
  const { mutateAsync: save } = useMutation(reports.save);
  const order = report.order_id;
  useEffect(() => {
    tell({ it: "heard", report });
  }, [report]);
  const saveNow = useCallback(async (): Promise<number | null> => {
    if (!isDirty(draft)) return draft.version;
    if (!wantsSaving(draft)) return null;
    tell({ it: "sent" });
    try {
      const saved = await save({ order, version: draft.version, text: draft.text });
      tell({ it: "saved", report: saved });
      return saved.version;
    } catch (failure) {
      if (failure instanceof Problem && failure.status === 412)
        tell({ it: "conflicted", theirs: await cache.query({ ...reports.ofOrder(order), staleTime: 0 }) });
      else tell({ it: "failed", failure });
      return null;
    }
  }, [cache, draft, order, save]);
  const due = wantsSaving(draft);
  const wait = draft.saving.at === "failed" ? TRY_AGAIN_MS : AFTER_LAST_KEY_MS;
  useEffect(() => {
    if (!due) return;
    const timer = setTimeout(() => void saveNow(), wait);
    return () => {
      clearTimeout(timer);
    };
  }, [due, saveNow, wait]);
  useLeavingAsks(isDirty(draft));
  return { draft, tell, saveNow };
}
