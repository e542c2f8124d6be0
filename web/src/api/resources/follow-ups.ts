/** `/api/v1/follow-ups`: calls and visits that are due at home, and what a visit wrote down. */
import { mutationOptions, queryOptions, type QueryClient } from "@tanstack/react-query";
import { act, get, type Act } from "../client.ts";
import { untilHeard } from "../retry.ts";
import type { FollowUp, FollowUpForm, FollowUpPage, FollowUpQuery } from "../types.ts";

const COLLECTION = "follow-ups";

const keys = {
  all: [COLLECTION] as const,
  lists: [COLLECTION, "list"] as const,
  list: (query: FollowUpQuery) => [COLLECTION, "list", query] as const,
  detail: (id: string) => [COLLECTION, "detail", id] as const,
};

/** The highest version of a follow-up that any screen holds; null for one nobody shows. */
function knownVersion(cache: QueryClient, id: string): number | null {
  const pages = cache.getQueriesData<FollowUpPage>({ queryKey: keys.lists }).map(([, page]) => page?.items ?? []);
  const detail = cache.getQueryData<FollowUp>(keys.detail(id));
  const versions = [...pages.flat(), ...(detail ? [detail] : [])].filter((it) => it.id === id).map((it) => it.version);
  return versions.length === 0 ? null : Math.max(...versions);
}

export const followUps = {
  keys,
  knownVersion,
  list: (query: FollowUpQuery = {}) =>
    queryOptions({
      queryKey: keys.list(query),
      queryFn: ({ signal }) => get("/api/v1/follow-ups", { query, signal }),
    }),
  detail: (id: string) =>
    queryOptions({
      queryKey: keys.detail(id),
      queryFn: ({ signal }) => get("/api/v1/follow-ups/{id}", { at: { id }, signal }),
    }),
  complete: mutationOptions({
    mutationKey: [COLLECTION, "complete"],
    scope: { id: COLLECTION },
    mutationFn: (variables: Act & FollowUpForm) => act("/api/v1/follow-ups/{id}/complete", variables),
    // Visited where there is no signal; the form is not to be kept open for a second touch.
    ...untilHeard,
    onSuccess: (_done, _variables, _before, { client }) => client.invalidateQueries({ queryKey: keys.all }),
  }),
};
