import { QueryClient } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { readingOrders } from "../api/resources/reading-orders.ts";
import type { OrderPage } from "../api/types.ts";
import { anOrder, aPage } from "../testing/builders.ts";
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
