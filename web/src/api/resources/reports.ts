/** `/api/v1/reports` and the report of an order: what to ask, under which key, and the commands. */
import { mutationOptions, queryOptions, type QueryClient } from "@tanstack/react-query";
import { act, get, put, type Act, type CommandPath } from "../client.ts";
import type { Report, ReportText } from "../types.ts";
import { isNewer } from "../versions.ts";
import { readingOrders } from "./reading-orders.ts";

const COLLECTION = "reports";

const keys = {
  all: [COLLECTION] as const,
  lists: [COLLECTION, "list"] as const,
  unread: [COLLECTION, "list", "unread"] as const,
  detail: (id: string) => [COLLECTION, "detail", id] as const,
  ofOrder: (order: string) => [COLLECTION, "of-order", order] as const,
};

/** The id to act on. Before anything was written there is none, and no command either: then it names no report. */
function idOf(report: Report): string {
  return report.id ?? "";
}

/** Puts a report that the hub just sent wherever it is known, unless what is known is newer. */
function upsert(cache: QueryClient, report: Report): void {
  for (const key of [keys.detail(idOf(report)), keys.ofOrder(report.order_id)])
    cache.setQueryData<Report>(key, (known) => (isNewer(known, report) ? report : known));
}

function knownVersion(cache: QueryClient, id: string): number | null {
  return cache.getQueryData<Report>(keys.detail(id))?.version ?? null;
}

function command<Extra extends object = object>(name: string, path: Extract<CommandPath, `/api/v1/reports/${string}`>) {
  return mutationOptions({
    mutationKey: [COLLECTION, name],
    scope: { id: COLLECTION },
    mutationFn: (variables: Act & Extra) => act(path, variables),
    onSuccess: async (report, _variables, _before, { client }) => {
      upsert(client, report);
      await client.invalidateQueries({ queryKey: keys.lists });
      await client.invalidateQueries({ queryKey: readingOrders.keys.all });
    },
  });
}

export const reports = {
  keys,
  idOf,
  upsert,
  knownVersion,
  /** What came back and nobody here has acknowledged. */
  unread: queryOptions({
    queryKey: keys.unread,
    queryFn: ({ signal }) => get("/api/v1/reports", { query: { unread: "1" }, signal }),
  }),
  detail: (id: string) =>
    queryOptions({
      queryKey: keys.detail(id),
      queryFn: ({ signal }) => get("/api/v1/reports/{id}", { at: { id }, signal }),
    }),
  ofOrder: (order: string) =>
    queryOptions({
      queryKey: keys.ofOrder(order),
      queryFn: ({ signal }) => get("/api/v1/reading-orders/{id}/report", { at: { id: order }, signal }),
    }),
  /** Autosave: the version is what this editor last had confirmed; 412 means that somebody else wrote. */
  save: mutationOptions({
    mutationKey: [COLLECTION, "save"],
    scope: { id: COLLECTION },
    mutationFn: ({ order, version, text }: { order: string; version: number; text: ReportText }) =>
      put("/api/v1/reading-orders/{id}/report", {
        at: { id: order },
        body: text,
        version,
      }),
    onSuccess: (report, _variables, _before, { client }) => {
      upsert(client, report);
    },
  }),
  sign: command<{ password: string; otp?: string }>("sign", "/api/v1/reports/{id}/sign"),
  verify: command<{ password: string; otp?: string }>("verify", "/api/v1/reports/{id}/verify"),
  sendBack: command<{ reason: string }>("send-back", "/api/v1/reports/{id}/send-back"),
  amend: command<{ kind: string; reason: string }>("amend", "/api/v1/reports/{id}/amend"),
  issuePreliminary: command("issue-preliminary", "/api/v1/reports/{id}/issue-preliminary"),
  read: command("read", "/api/v1/reports/{id}/read"),
  /** Opened by the browser itself, with the session's cookie. */
  pdfAddress: (id: string) => `/api/v1/reports/${encodeURIComponent(id)}/pdf`,
};
