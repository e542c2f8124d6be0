/** The ECG of a study: its head with what device and machine measured, and the samples. Neither ever changes. */
import { queryOptions } from "@tanstack/react-query";
import { get, getBytes } from "../client.ts";

/** `inClass`: the consult at which I look on; its ECG comes from an address of its own, without what people wrote. */
export const ecgs = {
  head: (uid: string, inClass = "") =>
    queryOptions({
      queryKey: ["ecgs", "head", uid, inClass] as const,
      queryFn: ({ signal }) =>
        inClass === ""
          ? get("/api/v1/studies/{uid}/ecg", { at: { uid }, signal })
          : get("/api/v1/classes/{id}/studies/{study}/ecg", { at: { id: inClass, study: uid }, signal }),
      staleTime: Infinity,
    }),
  samples: (uid: string, inClass = "") =>
    queryOptions({
      queryKey: ["ecgs", "samples", uid, inClass] as const,
      queryFn: ({ signal }) =>
        inClass === ""
          ? getBytes("/api/v1/studies/{uid}/ecg/samples", { at: { uid }, signal })
          : getBytes("/api/v1/classes/{id}/studies/{study}/ecg/samples", { at: { id: inClass, study: uid }, signal }),
      staleTime: Infinity,
    }),
};
