/** `/api/v1/classes`: consults that are open for teaching, as whoever may look on finds and sees them. */
import { keepPreviousData, mutationOptions, queryOptions } from "@tanstack/react-query";
import { act, get, type Act } from "../client.ts";
import { Problem } from "../problems.ts";
import type { ClassForm } from "../types.ts";
import { consults } from "./consults.ts";

const COLLECTION = "classes";
const SOON_MS = 30_000;

/** Which picture of a study. */
export interface PictureAt {
  readonly study: string;
  readonly series: string;
  readonly instance: string;
}

const keys = {
  all: [COLLECTION] as const,
  list: [COLLECTION, "list"] as const,
  detail: (id: string) => [COLLECTION, "detail", id] as const,
  colleagues: (text: string) => [COLLECTION, "colleagues", text] as const,
  metadata: (id: string, at: PictureAt) => [COLLECTION, "metadata", id, at] as const,
};

const metadataOf = (id: string, at: PictureAt, signal?: AbortSignal) =>
  get("/api/v1/classes/{id}/studies/{study}/series/{series}/instances/{instance}/metadata", {
    at: { id, ...at },
    ...(signal === undefined ? {} : { signal }),
  });

export const classes = {
  keys,
  /** No event tells a guest of another house: the list is asked for now and then. */
  list: queryOptions({
    queryKey: keys.list,
    queryFn: ({ signal }) => get("/api/v1/classes", { signal }),
    refetchInterval: SOON_MS,
  }),
  detail: (id: string) =>
    queryOptions({
      queryKey: keys.detail(id),
      queryFn: ({ signal }) => get("/api/v1/classes/{id}", { at: { id }, signal }),
    }),
  colleagues: (text: string) =>
    queryOptions({
      queryKey: keys.colleagues(text),
      queryFn: ({ signal }) => get("/api/v1/classes/colleagues", { query: { q: text }, signal }),
      placeholderData: keepPreviousData,
    }),
  /** A slice as a picture, as it is shown: the same address for everybody who follows. */
  picture: (
    id: string,
    { study, series, instance }: PictureAt,
    frame: number,
    window: { readonly center: number; readonly width: number } | null,
  ) => {
    const place = `/api/v1/classes/${id}/studies/${study}/series/${series}/instances/${instance}`;
    const look = window === null ? "" : `?window=${window.center.toFixed(1)},${window.width.toFixed(1)}`;
    return `${place}/frames/${String(frame)}/rendered${look}`;
  },
  /** Whether a picture that did not come waits for the host's look: its address gives an image no words. */
  isWithheld: (id: string, at: PictureAt): Promise<boolean> =>
    metadataOf(id, at).then(
      () => false,
      (failure: unknown) => failure instanceof Problem && failure.status === 409,
    ),
  metadata: (id: string, at: PictureAt) =>
    queryOptions({
      queryKey: keys.metadata(id, at),
      queryFn: ({ signal }) => metadataOf(id, at, signal),
      staleTime: Infinity,
    }),
  open: mutationOptions({
    mutationKey: [COLLECTION, "open"],
    mutationFn: (variables: Act & ClassForm) => act("/api/v1/consults/{id}/open-class", variables),
    onSuccess: (_done, _variables, _before, { client }) => client.invalidateQueries({ queryKey: consults.keys.all }),
  }),
  close: mutationOptions({
    mutationKey: [COLLECTION, "close"],
    mutationFn: (variables: Act) => act("/api/v1/consults/{id}/close-class", variables),
    onSuccess: (_done, _variables, _before, { client }) => client.invalidateQueries({ queryKey: consults.keys.all }),
  }),
};
