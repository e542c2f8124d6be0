/** Which ways lead where, for whom. The first entry is where a person starts. */
import {
  ArrowUpRight,
  Bed,
  Building2,
  CalendarHeart,
  CloudUpload,
  House,
  Inbox,
  List,
  MailOpen,
  MessagesSquare,
  PackageX,
  Route,
  User,
  Users,
  UsersRound,
  type LucideIcon,
} from "lucide-react";
import type { OrderCounts, Overview, RoleName, SessionUser } from "../../api/types.ts";

export interface Way {
  readonly to: string;
  readonly text:
    | "app.nav.home"
    | "app.nav.send"
    | "app.nav.track"
    | "app.nav.results"
    | "app.nav.patients"
    | "app.nav.worklist"
    | "app.nav.referrals"
    | "app.nav.beds"
    | "app.nav.consults"
    | "app.nav.followUps"
    | "app.nav.quarantine"
    | "app.nav.organizations"
    | "app.nav.users"
    | "app.nav.me";
  readonly icon: LucideIcon;
  readonly roles: readonly RoleName[];
  /** The number on the entry. */
  readonly count?: (counters: Counters) => number;
}

export interface Counters {
  readonly overview?: Overview | undefined;
  readonly orders?: OrderCounts | undefined;
  /** Tickets by box. */
  readonly tickets?: Readonly<Record<string, number>> | undefined;
  readonly visits?: number | undefined;
}

const TOWNSHIP: readonly RoleName[] = ["township-doctor", "technician", "family-doctor"];
export const DESK: readonly RoleName[] = ["referral-desk", "consultant", "ward-nurse", "medical-affairs"];
export const VISITING: readonly RoleName[] = ["family-doctor", "township-doctor"];
const CONSULTING: readonly RoleName[] = [...VISITING, "consultant", "referral-desk", "medical-affairs"];
const READERS: readonly RoleName[] = ["reporting-physician", "reviewing-physician"];

const WAYS: readonly Way[] = [
  { to: "/desk", text: "app.nav.home", icon: House, roles: TOWNSHIP },
  {
    to: "/referrals",
    text: "app.nav.referrals",
    icon: Inbox,
    roles: DESK,
    count: ({ tickets }) => tickets?.["in"] ?? 0,
  },
  { to: "/beds", text: "app.nav.beds", icon: Bed, roles: DESK },
  { to: "/worklist", text: "app.nav.worklist", icon: List, roles: READERS, count: ({ orders }) => orders?.ready ?? 0 },
  {
    to: "/send",
    text: "app.nav.send",
    icon: CloudUpload,
    roles: TOWNSHIP,
    count: ({ overview }) => overview?.sending ?? 0,
  },
  { to: "/track", text: "app.nav.track", icon: Route, roles: TOWNSHIP },
  // A township refers; what comes home to it stands in the same place.
  {
    to: "/referrals",
    text: "app.nav.referrals",
    icon: ArrowUpRight,
    roles: VISITING,
    count: ({ tickets }) => tickets?.["down"] ?? 0,
  },
  {
    to: "/results",
    text: "app.nav.results",
    icon: MailOpen,
    roles: TOWNSHIP,
    count: ({ overview }) => overview?.unread ?? 0,
  },
  { to: "/consults", text: "app.nav.consults", icon: MessagesSquare, roles: CONSULTING },
  {
    to: "/follow-ups",
    text: "app.nav.followUps",
    icon: CalendarHeart,
    roles: VISITING,
    count: ({ visits }) => visits ?? 0,
  },
  // Administrators see no patient, and so no quarantine.
  { to: "/quarantine", text: "app.nav.quarantine", icon: PackageX, roles: ["registrar", "medical-affairs"] },
  { to: "/patients", text: "app.nav.patients", icon: UsersRound, roles: [...TOWNSHIP, "registrar"] },
  { to: "/admin/organizations", text: "app.nav.organizations", icon: Building2, roles: ["administrator", "bureau"] },
  { to: "/admin/users", text: "app.nav.users", icon: Users, roles: ["administrator"] },
];

export const ME: Way = { to: "/me", text: "app.nav.me", icon: User, roles: [] };

export function waysOf(user: SessionUser): readonly Way[] {
  const roles = user.roles.map(({ role }) => role);
  const open = WAYS.filter((way) => way.roles.some((role) => roles.includes(role)));
  // One address, one entry: who is a township's doctor and its medical affairs sees it once.
  return open.filter((way, at) => open.findIndex(({ to }) => to === way.to) === at);
}

/** Where a person starts. */
export function startOf(user: SessionUser): string {
  return waysOf(user)[0]?.to ?? ME.to;
}
