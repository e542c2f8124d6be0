/** `/api/v1/organizations` with their AE titles. */
import { mutationOptions, queryOptions } from "@tanstack/react-query";
import { get, post, put } from "../client.ts";
import type { AeTitleNew, OrganizationNew } from "../types.ts";

const COLLECTION = "organizations";
const keys = {
  all: [COLLECTION] as const,
  list: [COLLECTION, "list"] as const,
  detail: (id: string) => [COLLECTION, "detail", id] as const,
  aeTitles: (id: string) => [COLLECTION, "ae-titles", id] as const,
};

export const organizations = {
  keys,
  list: queryOptions({
    queryKey: keys.list,
    queryFn: ({ signal }) => get("/api/v1/organizations", { signal }),
  }),
  aeTitles: (id: string) =>
    queryOptions({
      queryKey: keys.aeTitles(id),
      queryFn: ({ signal }) => get("/api/v1/organizations/{id}/ae-titles", { at: { id }, signal }),
    }),
  create: mutationOptions({
    mutationKey: [COLLECTION, "create"],
    mutationFn: ({ key, body }: { key: string; body: OrganizationNew }) => post("/api/v1/organizations", { body, key }),
    onSuccess: (_made, _variables, _before, { client }) => client.invalidateQueries({ queryKey: keys.all }),
  }),
  update: mutationOptions({
    mutationKey: [COLLECTION, "update"],
    mutationFn: ({ id, version, body }: { id: string; version: number; body: Omit<OrganizationNew, "id"> }) =>
      put("/api/v1/organizations/{id}", { at: { id }, body, version }),
    onSuccess: (_changed, _variables, _before, { client }) => client.invalidateQueries({ queryKey: keys.all }),
  }),
  addAeTitle: mutationOptions({
    mutationKey: [COLLECTION, "add-ae-title"],
    mutationFn: ({ id, key, body }: { id: string; key: string; body: AeTitleNew }) =>
      post("/api/v1/organizations/{id}/ae-titles", { at: { id }, body, key }),
    onSuccess: (_made, { id }, _before, { client }) => client.invalidateQueries({ queryKey: keys.aeTitles(id) }),
  }),
  disableAeTitle: mutationOptions({
    mutationKey: [COLLECTION, "disable-ae-title"],
    mutationFn: ({ id, ae, key }: { id: string; ae: string; key: string }) =>
      post("/api/v1/organizations/{id}/ae-titles/{ae}/disable", { at: { id, ae }, key, body: undefined as never }),
    onSuccess: (_made, { id }, _before, { client }) => client.invalidateQueries({ queryKey: keys.aeTitles(id) }),
  }),
};
