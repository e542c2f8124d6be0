/** An ECG from the hub: its head, and its samples decoded once. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { ecgs } from "../../api/resources/ecgs.ts";
import type { Ecg } from "../../api/types.ts";
import { decode, type Recording } from "../core/index.ts";

export type EcgState =
  | { readonly at: "loading" }
  | { readonly at: "failed"; readonly failure: unknown; readonly retry: () => void }
  | { readonly at: "unreadable"; readonly why: "encoding" | "short" | "empty" }
  | { readonly at: "ready"; readonly head: Ecg; readonly recording: Recording };

/** `inClass`: the consult at which I look on, if I do. */
export function useEcg(uid: string, inClass = ""): EcgState {
  const head = useQuery(ecgs.head(uid, inClass));
  const samples = useQuery(ecgs.samples(uid, inClass));
  const decoded = useMemo(
    () => (head.data === undefined || samples.data === undefined ? null : decode(head.data, samples.data)),
    [head.data, samples.data],
  );
  const failed = head.isError ? head : samples.isError ? samples : null;
  if (failed !== null) return { at: "failed", failure: failed.error, retry: () => void failed.refetch() };
  if (decoded === null || head.data === undefined) return { at: "loading" };
  return decoded.ok
    ? { at: "ready", head: head.data, recording: decoded.recording }
    : { at: "unreadable", why: decoded.why };
}
