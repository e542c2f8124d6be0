/** The numbers on the navigation: only those the person's roles need are asked for. */
import { useQuery } from "@tanstack/react-query";
import { overview } from "../../api/resources/overview.ts";
import { followUps } from "../../api/resources/follow-ups.ts";
import { readingOrders } from "../../api/resources/reading-orders.ts";
import { referrals } from "../../api/resources/referrals.ts";
import { hasRole, useUser } from "../../api/resources/session.ts";
import { DESK, VISITING, type Way } from "./navigation.ts";

/** One ticket is asked for: the counts come with it. */
const COUNTS_ONLY = { box: "in", limit: 1 } as const;

export function useCounters(): (way: Way) => number {
  const user = useUser();
  const township = hasRole(user, "township-doctor", "technician", "family-doctor");
  const reader = hasRole(user, "reporting-physician", "reviewing-physician");
  const counters = useQuery({ ...overview.counters, enabled: township });
  const orders = useQuery({ ...readingOrders.list(), enabled: reader, select: ({ counts }) => counts });
  const tickets = useQuery({
    ...referrals.list(COUNTS_ONLY),
    enabled: hasRole(user, ...DESK, ...VISITING),
    select: ({ counts }) => counts,
  });
  const visits = useQuery({
    ...followUps.list({ limit: 1 }),
    enabled: hasRole(user, ...VISITING),
    select: ({ overdue }) => overdue,
  });
  return (way) =>
    way.count?.({ overview: counters.data, orders: orders.data, tickets: tickets.data, visits: visits.data }) ?? 0;
}
