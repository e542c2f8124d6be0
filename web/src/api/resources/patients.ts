/** `/api/v1/patients`: search, one record, registration, the plain numbers for a moment, the broken glass. */
import { mutationOptions, queryOptions } from "@tanstack/react-query";
import { get, post } from "../client.ts";
import type { PatientNew } from "../types.ts";

const COLLECTION = "patients";
const keys = {
  all: [COLLECTION] as const,
  list: (q: string) => [COLLECTION, "list", q] as const,
  detail: (id: string) => [COLLECTION, "detail", id] as const,
};

interface Reasoned {
  readonly id: string;
  readonly reason: string;
  readonly key: string;
}

export const patients = {
  keys,
  /** By name, pinyin or its initials, ID, the last four, phone. */
  search: (q: string) =>
    queryOptions({
      queryKey: keys.list(q),
      queryFn: ({ signal }) => get("/api/v1/patients", { query: { q }, signal }),
    }),
  detail: (id: string) =>
    queryOptions({
      queryKey: keys.detail(id),
      queryFn: ({ signal }) => get("/api/v1/patients/{id}", { at: { id }, signal }),
    }),
  register: mutationOptions({
    mutationKey: [COLLECTION, "register"],
    mutationFn: ({ key, body }: { key: string; body: PatientNew }) => post("/api/v1/patients", { body, key }),
    onSuccess: (patient, _variables, _before, { client }) => {
      client.setQueryData(keys.detail(patient.id), patient);
      return client.invalidateQueries({ queryKey: [COLLECTION, "list"] });
    },
  }),
  /** The numbers stay in the answer only: nothing of them enters the cache. */
  reveal: mutationOptions({
    mutationKey: [COLLECTION, "reveal"],
    gcTime: 0,
    mutationFn: ({ id, reason, key }: Reasoned) =>
      post("/api/v1/patients/{id}/reveal", { at: { id }, body: { reason }, key }),
  }),
  breakGlass: mutationOptions({
    mutationKey: [COLLECTION, "break-glass"],
    mutationFn: ({ id, reason, key }: Reasoned) =>
      post("/api/v1/patients/{id}/break-glass", { at: { id }, body: { reason }, key }),
    onSuccess: (_grant, { id }, _before, { client }) => client.invalidateQueries({ queryKey: keys.detail(id) }),
  }),
};
