/** The numbers on the navigation: only those the person's roles need are asked for. */
import { useQuery } from "@tanstack/react-query";
import { overview } from "../../api/resources/overview.ts";
import { readingOrders } from "../../api/resources/reading-orders.ts";
import { hasRole, useUser } from "../../api/resources/session.ts";
import type { Way } from "./navigation.ts";

export function useCounters(): (way: Way) => number {
  const user = useUser();
  const township = hasRole(user, "township-doctor", "technician", "family-doctor");
  const reader = hasRole(user, "reporting-physician", "reviewing-physician");
  const counters = useQuery({ ...overview.counters, enabled: township });
  const orders = useQuery({ ...readingOrders.list(), enabled: reader, select: ({ counts }) => counts });
  return (way) => way.count?.({ overview: counters.data, orders: orders.data }) ?? 0;
}
