/** Autosave of an opinion: a moment after the last key, one at a time, over the version that was seen. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useReducer } from "react";
import { Problem } from "../api/problems.ts";
import { consults } from "../api/resources/consults.ts";
import type { ConsultOpinion } from "../api/types.ts";
import { after, begin, isDirty, wantsSaving } from "./draft.ts";

const AFTER_LAST_KEY_MS = 1_200;
const TRY_AGAIN_MS = 5_000;

export function useOpinion(opinion: ConsultOpinion) {
  const cache = useQueryClient();
  const [draft, tell] = useReducer(after, opinion, begin);
  const { mutateAsync } = useMutation(consults.save);
  const id = opinion.consult_id;
  useEffect(() => {
    tell({ it: "heard", opinion });
  }, [opinion]);
  const save = useCallback(async () => {
    tell({ it: "sent" });
    try {
      tell({ it: "saved", opinion: await mutateAsync({ id, version: draft.version, text: draft.text }) });
    } catch (failure) {
      tell({ it: "failed", failure });
      if (failure instanceof Problem && failure.status === 412)
        tell({ it: "heard", opinion: await cache.query({ ...consults.opinion(id), staleTime: 0 }) });
    }
  }, [cache, draft.text, draft.version, id, mutateAsync]);
  const due = wantsSaving(draft);
  const wait = draft.saving === "failed" ? TRY_AGAIN_MS : AFTER_LAST_KEY_MS;
  useEffect(() => {
    if (!due) return;
    const timer = setTimeout(() => void save(), wait);
    return () => {
      clearTimeout(timer);
    };
  }, [due, save, wait]);
  return { draft, tell, dirty: isDirty(draft) };
}
