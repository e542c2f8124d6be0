import { QueryClient } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { readingOrders } from "../api/resources/reading-orders.ts";
import { beds } from "../api/resources/beds.ts";
import { referrals } from "../api/resources/referrals.ts";
import type { OrderPage, ReferralPage } from "../api/types.ts";
import { anOrder, aPage } from "../testing/builders.ts";
import { aReferral, aReferralPage } from "../testing/referrals.ts";
import { apply } from "./apply.ts";

function cacheWith(version: number): QueryClient {
  const cache = new QueryClient();
  cache.setQueryData<OrderPage>(readingOrders.keys.list({}), aPage([anOrder({ version })]));
  return cache;
}

const event = (version: number, id = "o-1") => ({ type: "reading-order.claimed", id, version });

test("a newer version asks for the order and its lists again", () => {
  const stale = apply(cacheWith(3), event(4));
  expect(stale).toContainEqual(readingOrders.keys.detail("o-1"));
  expect(stale).toContainEqual(readingOrders.keys.lists);
});

test("an event that a refetch has overtaken changes nothing", () => {
  expect(apply(cacheWith(5), event(4))).toEqual([]);
});

test("a replayed event changes nothing", () => {
  expect(apply(cacheWith(4), event(4))).toEqual([]);
});

test("an order nobody shows yet makes the lists stale", () => {
  expect(apply(cacheWith(3), event(1, "o-new"))).toContainEqual(readingOrders.keys.lists);
});

test("an unknown kind of event is ignored", () => {
  expect(apply(cacheWith(3), { type: "weather.changed", id: "x", version: 1 })).toEqual([]);
});

test("a command's older answer does not undo what a refetch has brought", () => {
  const cache = cacheWith(7);
  readingOrders.upsert(cache, anOrder({ version: 6, state: "claimed" }));
  expect(cache.getQueryData<OrderPage>(readingOrders.keys.list({}))?.items[0]).toMatchObject({
    version: 7,
    state: "ready",
  });
});

function cacheWithTicket(version: number): QueryClient {
  const cache = new QueryClient();
  cache.setQueryData<ReferralPage>(referrals.keys.list({ box: "in" }), aReferralPage([aReferral({ version })]));
  return cache;
}

test("a line of the conversation is news though the ticket's version stays", () => {
  const stale = apply(cacheWithTicket(4), { type: "referrals.message", id: "t-1", version: 4 });
  expect(stale).toContainEqual(referrals.keys.messages("t-1"));
});

test("an event about a ticket that a refetch has overtaken changes nothing", () => {
  expect(apply(cacheWithTicket(5), { type: "referrals.accepted", id: "t-1", version: 4 })).toEqual([]);
});

test("a hold that ends asks for the board and the tickets again", () => {
  const stale = apply(cacheWithTicket(4), { type: "bed-holds.expired", id: "h-1", version: 2 });
  expect(stale).toEqual([beds.keys.all, referrals.keys.all]);
});
