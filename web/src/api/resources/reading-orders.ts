/** `/api/v1/reading-orders`: what to ask, under which key, and the commands. */
import { mutationOptions, queryOptions, type QueryClient } from "@tanstack/react-query";
import { act, get, post, type Act, type CommandPath } from "../client.ts";
import type { Order, OrderDetail, OrderNew, OrderPage, OrderQuery, Priority, Kind } from "../types.ts";
import { isNewer, replaceIn } from "../versions.ts";

const COLLECTION = "reading-orders";

const keys = {
  all: [COLLECTION] as const,
  lists: [COLLECTION, "list"] as const,
  list: (query: OrderQuery) => [COLLECTION, "list", query] as const,
  detail: (id: string) => [COLLECTION, "detail", id] as const,
};

/** Puts an order that the hub just sent wherever it is known, unless what is known is newer. */
function upsert(cache: QueryClient, order: Order): void {
  cache.setQueriesData<OrderPage>({ queryKey: keys.lists }, (page) =>
    page === undefined ? undefined : { ...page, items: replaceIn(page.items, order) },
  );
  cache.setQueryData<OrderDetail>(keys.detail(order.id), (known) =>
    known !== undefined && isNewer(known, order) ? { ...known, ...order } : known,
  );
}

/** The highest version of an order that any screen holds; null for an order nobody shows. */
function knownVersion(cache: QueryClient, id: string): number | null {
  const pages = cache.getQueriesData<OrderPage>({ queryKey: keys.lists }).map(([, page]) => page?.items ?? []);
  const detail = cache.getQueryData<OrderDetail>(keys.detail(id));
  const versions = [...pages.flat(), ...(detail ? [detail] : [])].filter((it) => it.id === id).map((it) => it.version);
  return versions.length === 0 ? null : Math.max(...versions);
}

/** A command; `Extra` is the body beside what every command carries. */
function command<Extra extends object = object>(
  name: string,
  path: Extract<CommandPath, `/api/v1/reading-orders/${string}`>,
) {
  return mutationOptions({
    mutationKey: [COLLECTION, name],
    // One after the other: what waited for the line leaves in the order in which the person acted.
    scope: { id: COLLECTION },
    mutationFn: (variables: Act & Extra) => act(path, variables),
    onSuccess: (order, _variables, _before, { client }) => {
      upsert(client, order);
      return client.invalidateQueries({ queryKey: keys.all });
    },
    onError: (_failure, { id }, _before, { client }) => client.invalidateQueries({ queryKey: keys.detail(id) }),
  });
}

export const readingOrders = {
  keys,
  upsert,
  knownVersion,
  list: (query: OrderQuery = {}) =>
    queryOptions({
      queryKey: keys.list(query),
      queryFn: ({ signal }) => get("/api/v1/reading-orders", { query, signal }),
    }),
  detail: (id: string) =>
    queryOptions({
      queryKey: keys.detail(id),
      queryFn: ({ signal }) => get("/api/v1/reading-orders/{id}", { at: { id }, signal }),
    }),
  previewRoute: (ask: { kind: Kind; modality?: string; priority: Priority }) =>
    queryOptions({
      queryKey: [COLLECTION, "preview-route", ask] as const,
      queryFn: ({ signal }) => post("/api/v1/reading-orders/preview-route", { body: ask, signal }),
    }),
  create: mutationOptions({
    mutationKey: [COLLECTION, "create"],
    scope: { id: COLLECTION },
    mutationFn: ({ key, body }: { key: string; body: OrderNew }) => post("/api/v1/reading-orders", { body, key }),
    onSuccess: (_order, _variables, _before, { client }) => client.invalidateQueries({ queryKey: keys.all }),
  }),
  claim: command("claim", "/api/v1/reading-orders/{id}/claim"),
  release: command("release", "/api/v1/reading-orders/{id}/release"),
  renew: command("renew", "/api/v1/reading-orders/{id}/renew"),
  return: command<{ code: string; reason: string }>("return", "/api/v1/reading-orders/{id}/return"),
  resend: command("resend", "/api/v1/reading-orders/{id}/resend"),
  cancel: command<{ reason: string }>("cancel", "/api/v1/reading-orders/{id}/cancel"),
  confirmCancel: command("confirm-cancel", "/api/v1/reading-orders/{id}/confirm-cancel"),
  keep: command("keep", "/api/v1/reading-orders/{id}/keep"),
  route: command<{ centre_id: string; reason: string }>("route", "/api/v1/reading-orders/{id}/route"),
};
