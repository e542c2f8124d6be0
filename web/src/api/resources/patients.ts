/** `/api/v1/patients`: search, one record, registration. */
import { mutationOptions, queryOptions } from "@tanstack/react-query";
import { get, post } from "../client.ts";
import type { PatientNew } from "../types.ts";

const COLLECTION = "patients";
const keys = {
  all: [COLLECTION] as const,
  list: (q: string) => [COLLECTION, "list", q] as const,
  detail: (id: string) => [COLLECTION, "detail", id] as const,
};

export const patients = {
  keys,
  /** By name, pinyin or its initials, ID, phone. */
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
    onSuccess: (_patient, _variables, _before, { client }) => client.invalidateQueries({ queryKey: keys.all }),
  }),
};
