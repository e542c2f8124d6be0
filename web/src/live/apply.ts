/**
 * What an event of the hub means for the query cache. Pure: it reads the cache and answers with what is to be asked
 * again; the stream does the asking. Events carry no patient data, so news means "ask", never "write".
 */
import type { QueryClient, QueryKey } from "@tanstack/react-query";
import { beds } from "../api/resources/beds.ts";
import { consults } from "../api/resources/consults.ts";
import { followUps } from "../api/resources/follow-ups.ts";
import { organizations } from "../api/resources/organizations.ts";
import { overview, tasks } from "../api/resources/overview.ts";
import { patients } from "../api/resources/patients.ts";
import { readingOrders } from "../api/resources/reading-orders.ts";
import { referrals } from "../api/resources/referrals.ts";
import { reports } from "../api/resources/reports.ts";
import { studies } from "../api/resources/studies.ts";
import { users } from "../api/resources/users.ts";

export interface LiveEvent {
  /** `reading-order.claimed`: the part before the dot names the collection. */
  readonly type: string;
  readonly id: string;
  readonly version: number;
}

/** Query keys to mark stale; those on a screen are fetched again. */
export type Stale = readonly QueryKey[];

interface Rule {
  /** The newest version that is already known; null when nothing of it is shown. */
  readonly known: (cache: QueryClient, id: string) => number | null;
  readonly stale: (id: string) => Stale;
}

const unknown = () => null;
const COUNTERS: Stale = [overview.counters.queryKey, tasks.mine.queryKey];
const TICKETS: Stale = [referrals.keys.lists, referrals.keys.queues];

const RULES: Readonly<Record<string, Rule>> = {
  "reading-order": {
    known: readingOrders.knownVersion,
    // A study stands where its order stands.
    stale: (id) => [readingOrders.keys.detail(id), readingOrders.keys.lists, studies.keys.all, ...COUNTERS],
  },
  report: {
    known: reports.knownVersion,
    stale: (id) => [reports.keys.detail(id), ["reports", "of-order"], reports.keys.lists, ...COUNTERS],
  },
  study: { known: unknown, stale: () => [studies.keys.all, ...COUNTERS] },
  patient: { known: unknown, stale: () => [patients.keys.all] },
  organization: { known: unknown, stale: () => [organizations.keys.all] },
  user: { known: unknown, stale: () => [users.keys.all] },
  task: { known: unknown, stale: () => [tasks.mine.queryKey] },
  referral: {
    // A line of the conversation, or a rung of the ladder, leaves a ticket's version as it was: the same is news too.
    known: (cache, id) => (referrals.knownVersion(cache, id) ?? 0) - 1,
    stale: (id) => [referrals.keys.detail(id), referrals.keys.messages(id), ...TICKETS, ...COUNTERS],
  },
  // A bed's version counts what it is, not who lies in it: its events are always news.
  bed: { known: unknown, stale: () => [beds.keys.all] },
  "bed-hold": { known: unknown, stale: () => [beds.keys.all, referrals.keys.all] },
  // Words of the opinion, or a rung of the ladder, leave a consult's version as it was: all of it is news.
  consult: { known: unknown, stale: () => [consults.keys.all, ...COUNTERS] },
  "follow-up": { known: followUps.knownVersion, stale: () => [followUps.keys.all, ...COUNTERS] },
};

/** Singular and plural name the same collection. */
function collectionOf(type: string): string {
  const [first = ""] = type.split(".");
  return first.endsWith("ies") ? `${first.slice(0, -3)}y` : first.replace(/s$/, "");
}

/** What to ask again; nothing for kinds nobody shows and for versions already known. */
export function apply(cache: QueryClient, event: LiveEvent): Stale {
  const rule = RULES[collectionOf(event.type)];
  if (rule === undefined) return [];
  const known = rule.known(cache, event.id);
  return known !== null && known >= event.version ? [] : rule.stale(event.id);
}

/** Everything that events could have changed: after a gap that the stream could not bridge. */
export function afterGap(): Stale {
  return [
    readingOrders.keys.all,
    reports.keys.all,
    referrals.keys.all,
    beds.keys.all,
    consults.keys.all,
    followUps.keys.all,
    studies.keys.all,
    patients.keys.all,
    organizations.keys.all,
    users.keys.all,
    ...COUNTERS,
  ];
}
