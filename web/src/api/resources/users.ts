/** `/api/v1/users`: the people and their roles. */
import { mutationOptions, queryOptions } from "@tanstack/react-query";
import { get, post } from "../client.ts";
import type { UserNew } from "../types.ts";

const COLLECTION = "users";
const keys = { all: [COLLECTION] as const, list: [COLLECTION, "list"] as const };

export const users = {
  keys,
  list: queryOptions({
    queryKey: keys.list,
    queryFn: ({ signal }) => get("/api/v1/users", { signal }),
  }),
  create: mutationOptions({
    mutationKey: [COLLECTION, "create"],
    mutationFn: ({ key, body }: { key: string; body: UserNew }) => post("/api/v1/users", { body, key }),
    onSuccess: (_made, _variables, _before, { client }) => client.invalidateQueries({ queryKey: keys.all }),
  }),
  disable: mutationOptions({
    mutationKey: [COLLECTION, "disable"],
    mutationFn: ({ id, key }: { id: string; key: string }) =>
      post("/api/v1/users/{id}/disable", { at: { id }, key, body: undefined as never }),
    onSuccess: (_closed, _variables, _before, { client }) => client.invalidateQueries({ queryKey: keys.all }),
  }),
  /** The password is in the variables: nothing of it stays once the answer is there. */
  resetPassword: mutationOptions({
    mutationKey: [COLLECTION, "reset-password"],
    gcTime: 0,
    mutationFn: ({ id, key, password }: { id: string; key: string; password: string }) =>
      post("/api/v1/users/{id}/reset-password", { at: { id }, key, body: { password } }),
    onSuccess: (_changed, _variables, _before, { client }) => client.invalidateQueries({ queryKey: keys.all }),
  }),
};
