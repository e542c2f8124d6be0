/** The ECG of a study: its head with what device and machine measured, and the samples. Neither ever changes. */
import { queryOptions } from "@tanstack/react-query";
import { get, getBytes } from "../client.ts";

export const ecgs = {
  head: (uid: string) =>
    queryOptions({
      queryKey: ["ecgs", "head", uid] as const,
      queryFn: ({ signal }) => get("/api/v1/studies/{uid}/ecg", { at: { uid }, signal }),
      staleTime: Infinity,
    }),
  samples: (uid: string) =>
    queryOptions({
      queryKey: ["ecgs", "samples", uid] as const,
      queryFn: ({ signal }) => getBytes("/api/v1/studies/{uid}/ecg/samples", { at: { uid }, signal }),
      staleTime: Infinity,
    }),
};
