/** `/api/v1/consults`: asked for, answered, their opinions; and the experts who may be named. */
import { mutationOptions, queryOptions } from "@tanstack/react-query";
import { act, get, post, put, type Act } from "../client.ts";
import type { ApplicationForm, ConsultNew, ConsultQuery, ExpertForm, OpinionText } from "../types.ts";

const COLLECTION = "consults";

const keys = {
  all: [COLLECTION] as const,
  list: (query: ConsultQuery) => [COLLECTION, "list", query] as const,
  detail: (id: string) => [COLLECTION, "detail", id] as const,
  opinion: (id: string) => [COLLECTION, "opinion", id] as const,
  call: (id: string) => [COLLECTION, "call", id] as const,
  recordings: (id: string) => [COLLECTION, "recordings", id] as const,
  experts: (org: string) => [COLLECTION, "experts", org] as const,
  candidates: (org: string) => [COLLECTION, "candidates", org] as const,
  approvers: [COLLECTION, "approvers"] as const,
  slots: (org: string, room: string) => [COLLECTION, "slots", org, room] as const,
};

/** Commands that a person gives from the page of a consult; each takes its own fields. */
export type ConsultAct =
  | "triage"
  | "refuse"
  | "ring"
  | "offer-slots"
  | "choose-slot"
  | "reschedule"
  | "answer-in-writing"
  | "sign"
  | "close-without-opinion"
  | "adopt"
  | "close"
  | "cancel";

export const consults = {
  keys,
  /** Where a paper of a consult is printed, for a link. */
  paper: (id: string, paper: "application" | "opinion") => `/api/v1/consults/${encodeURIComponent(id)}/${paper}/pdf`,
  list: (query: ConsultQuery) =>
    queryOptions({
      queryKey: keys.list(query),
      queryFn: ({ signal }) => get("/api/v1/consults", { query, signal }),
    }),
  detail: (id: string) =>
    queryOptions({
      queryKey: keys.detail(id),
      queryFn: ({ signal }) => get("/api/v1/consults/{id}", { at: { id }, signal }),
    }),
  opinion: (id: string) =>
    queryOptions({
      queryKey: keys.opinion(id),
      queryFn: ({ signal }) => get("/api/v1/consults/{id}/opinion", { at: { id }, signal }),
    }),
  /** What stays of the call: each look is on record. */
  call: (id: string) =>
    queryOptions({
      queryKey: keys.call(id),
      queryFn: ({ signal }) => get("/api/v1/consults/{id}/call", { at: { id }, signal }),
    }),
  recordings: (id: string) =>
    queryOptions({
      queryKey: keys.recordings(id),
      queryFn: ({ signal }) => get("/api/v1/consults/{id}/recordings", { at: { id }, signal }),
    }),
  experts: (org: string) =>
    queryOptions({
      queryKey: keys.experts(org),
      queryFn: ({ signal }) => get("/api/v1/experts", { query: { org }, signal }),
    }),
  /** Consultants of a house who may be put on the roster. */
  candidates: (org: string) =>
    queryOptions({
      queryKey: keys.candidates(org),
      queryFn: ({ signal }) => get("/api/v1/experts/candidates", { query: { org }, signal }),
    }),
  /** Who may approve an emergency before the patient's written word is there. */
  approvers: queryOptions({
    queryKey: keys.approvers,
    queryFn: ({ signal }) => get("/api/v1/consults/approvers", { signal }),
  }),
  /** Times at which the experts of a house are free, and the inviter's room with them. */
  slots: (org: string, room: string) =>
    queryOptions({
      queryKey: keys.slots(org, room),
      queryFn: ({ signal }) => get("/api/v1/slots", { query: { org, room }, signal }),
    }),
  putExpert: mutationOptions({
    mutationKey: [COLLECTION, "put-expert"],
    mutationFn: ({ id, version, body }: { id: string; version: number; body: ExpertForm }) =>
      put("/api/v1/experts/{id}", { at: { id }, version, body }),
    onSuccess: (_done, _variables, _before, { client }) => client.invalidateQueries({ queryKey: keys.all }),
  }),
  apply: mutationOptions({
    mutationKey: [COLLECTION, "apply"],
    mutationFn: ({ key, ...body }: ConsultNew & { readonly key: string }) => post("/api/v1/consults", { key, body }),
    onSuccess: (_done, _variables, _before, { client }) => client.invalidateQueries({ queryKey: keys.all }),
  }),
  /** The application anew, over the version that was seen. */
  edit: mutationOptions({
    mutationKey: [COLLECTION, "edit"],
    mutationFn: ({ id, version, body }: { id: string; version: number; body: ApplicationForm }) =>
      put("/api/v1/consults/{id}", { at: { id }, version, body }),
    onSuccess: (_done, _variables, _before, { client }) => client.invalidateQueries({ queryKey: keys.all }),
  }),
  /** Autosave: the version is what this editor last had confirmed; 412 means that somebody else wrote. */
  save: mutationOptions({
    mutationKey: [COLLECTION, "save"],
    mutationFn: ({ id, version, text }: { id: string; version: number; text: OpinionText }) =>
      put("/api/v1/consults/{id}/opinion", { at: { id }, version, body: text }),
    onSuccess: (saved, { id }, _before, { client }) => {
      client.setQueryData(keys.opinion(id), saved);
    },
  }),
  /** The patient's link, said this once; a later one ends it. */
  link: mutationOptions({
    mutationKey: [COLLECTION, "link"],
    mutationFn: ({ id, key }: Act) =>
      post("/api/v1/consults/{id}/links", { at: { id }, key, body: undefined as never }),
  }),
  run: mutationOptions({
    mutationKey: [COLLECTION, "run"],
    scope: { id: COLLECTION },
    mutationFn: ({ name, ...variables }: Act & { readonly name: ConsultAct }) =>
      act(`/api/v1/consults/{id}/${name}`, variables),
    onSuccess: (_done, _variables, _before, { client }) => client.invalidateQueries({ queryKey: keys.all }),
  }),
};
