/** `/api/v1/users`: the people and their roles. */
import { mutationOptions, queryOptions } from "@tanstack/react-query";
import { get, post } from "../client.ts";
import type { UserNew } from "../types.ts";

const COLLECTION = "users";

interface UserQuery {
  readonly organization?: string;
  readonly q?: string;
}

const keys = { all: [COLLECTION] as const, list: (query: UserQuery) => [COLLECTION, "list", query] as const };

export const users = {
  keys,
  list: (query: UserQuery = {}) =>
    queryOptions({
      queryKey: keys.list(query),
      queryFn: ({ signal }) => get("/api/v1/users", { query, signal }),
    }),
  create: mutationOptions({
    mutationKey: [COLLECTION, "create"],
    mutationFn: ({ key, body }: { key: string; body: UserNew }) => post("/api/v1/users", { body, key }),
    onSuccess: (_made, _variables, _before, { client }) => client.invalidateQueries({ queryKey: keys.all }),
  }),
};
