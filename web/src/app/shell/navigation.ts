/** Which ways lead where, for whom. The first entry is where a person starts. */
import {
  Building2,
  CloudUpload,
  House,
  List,
  MailOpen,
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
    | "app.nav.quarantine"
    | "app.nav.organizations"
    | "app.nav.users"
    | "app.nav.me";
  readonly icon: LucideIcon;
  readonly roles: readonly RoleName[];
  /** The number on the entry. */
  readonly count?: (counters: { overview?: Overview | undefined; orders?: OrderCounts | undefined }) => number;
}

const TOWNSHIP: readonly RoleName[] = ["township-doctor", "technician", "family-doctor"];
const READERS: readonly RoleName[] = ["reporting-physician", "reviewing-physician"];

const WAYS: readonly Way[] = [
  { to: "/desk", text: "app.nav.home", icon: House, roles: TOWNSHIP },
  { to: "/worklist", text: "app.nav.worklist", icon: List, roles: READERS, count: ({ orders }) => orders?.ready ?? 0 },
  {
    to: "/send",
    text: "app.nav.send",
    icon: CloudUpload,
    roles: TOWNSHIP,
    count: ({ overview }) => overview?.sending ?? 0,
  },
  { to: "/track", text: "app.nav.track", icon: Route, roles: TOWNSHIP },
  {
    to: "/results",
    text: "app.nav.results",
    icon: MailOpen,
    roles: TOWNSHIP,
    count: ({ overview }) => overview?.unread ?? 0,
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
  return WAYS.filter((way) => way.roles.some((role) => roles.includes(role)));
}

/** Where a person starts. */
export function startOf(user: SessionUser): string {
  return waysOf(user)[0]?.to ?? ME.to;
}
