/** `/api/v1/studies`: what arrived, the quarantine among it, and the match that a person makes. */
import { mutationOptions, queryOptions } from "@tanstack/react-query";
import { act, get } from "../client.ts";
import { readingOrders } from "./reading-orders.ts";

const COLLECTION = "studies";

interface StudyQuery {
  readonly state?: string;
  readonly patient?: string;
  readonly organization?: string;
}

const keys = {
  all: [COLLECTION] as const,
  list: (query: StudyQuery) => [COLLECTION, "list", query] as const,
  detail: (uid: string) => [COLLECTION, "detail", uid] as const,
};

interface Match {
  readonly uid: string;
  readonly key: string;
  readonly patient_id: string;
  readonly order_id?: string;
  readonly reason: string;
}

export const studies = {
  keys,
  list: (query: StudyQuery = {}) =>
    queryOptions({
      queryKey: keys.list(query),
      queryFn: ({ signal }) => get("/api/v1/studies", { query, signal }),
    }),
  detail: (uid: string) =>
    queryOptions({
      queryKey: keys.detail(uid),
      queryFn: ({ signal }) => get("/api/v1/studies/{uid}", { at: { uid }, signal }),
    }),
  match: mutationOptions({
    mutationKey: [COLLECTION, "match"],
    mutationFn: ({ uid, ...rest }: Match) => act("/api/v1/studies/{uid}/match", { id: uid, ...rest }),
    onSuccess: async (_study, _variables, _before, { client }) => {
      await client.invalidateQueries({ queryKey: keys.all });
      await client.invalidateQueries({ queryKey: readingOrders.keys.all });
    },
  }),
};
