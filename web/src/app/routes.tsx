/** Every address of the staff app. A feature is one lazy chunk behind its `index.tsx`; a page is a component there. */
import { createBrowserRouter, type RouteObject } from "react-router";
import { withLateWords } from "../i18n/init.ts";
import { RouteBoundary } from "./boundaries/RouteBoundary.tsx";
import { MePage } from "./pages/MePage.tsx";
import { MissingPage } from "./pages/MissingPage.tsx";
import { SignInPage } from "./pages/SignInPage.tsx";
import { StartPage } from "./pages/StartPage.tsx";
import type { PageHandle } from "./shell/handle.ts";
import { Shell } from "./shell/Shell.tsx";

type Record = typeof import("../record/index.tsx");
type Reading = typeof import("../reading/index.tsx");
type Admin = typeof import("../admin/index.tsx");
type Referral = typeof import("../referral/index.tsx");
type Kanban = typeof import("../referral/kanban/index.tsx");
type Beds = typeof import("../referral/board/index.tsx");
type Refer = typeof import("../referral/send/index.tsx");
type Consult = typeof import("../consult/index.tsx");
type Roster = typeof import("../consult/roster/index.tsx");
type Room = typeof import("../consult/room/index.tsx");
type Visits = typeof import("../record/visits/index.tsx");

const record = (page: keyof Record) => async () => ({ Component: (await import("../record/index.tsx"))[page] });
const reading = (page: keyof Reading) => async () => ({ Component: (await import("../reading/index.tsx"))[page] });
const admin = (page: keyof Admin) => async () => ({ Component: (await import("../admin/index.tsx"))[page] });
const referral = (page: keyof Referral) => async () => ({ Component: (await import("../referral/index.tsx"))[page] });
const kanban = (page: keyof Kanban) => async () => ({
  Component: (await import("../referral/kanban/index.tsx"))[page],
});
const beds = (page: keyof Beds) => async () => ({ Component: (await import("../referral/board/index.tsx"))[page] });
const refer = (page: keyof Refer) => async () => ({ Component: (await import("../referral/send/index.tsx"))[page] });
const home = (page: "DownPage") => async () => ({ Component: (await import("../record/home/index.tsx"))[page] });
const visits = (page: keyof Visits) => async () => ({ Component: (await import("../record/visits/index.tsx"))[page] });

const consult = (page: keyof Consult) => async () => ({
  Component: (await withLateWords(import("../consult/index.tsx")))[page],
});
const roster = (page: keyof Roster) => async () => ({
  Component: (await withLateWords(import("../consult/roster/index.tsx")))[page],
});
const room = (page: keyof Room) => async () => ({
  Component: (await withLateWords(import("../consult/room/index.tsx")))[page],
});

/** A page: its address, its title key, and how it is fetched. */
const page = (path: string, handle: PageHandle, lazy: NonNullable<RouteObject["lazy"]>): RouteObject => ({
  path,
  handle,
  lazy,
  errorElement: <RouteBoundary />,
});

const PAGES: RouteObject[] = [
  page("desk", { title: "app.nav.home" }, record("DeskPage")),
  page("send", { title: "app.nav.send" }, record("SendPage")),
  page("track", { title: "app.nav.track" }, record("TrackListPage")),
  page("track/:order", { title: "app.nav.track", back: "/track" }, record("TrackPage")),
  page("results", { title: "app.nav.results" }, record("ResultsPage")),
  page("results/:report", { title: "app.nav.results", back: "/results" }, record("ReportPage")),
  page("down", { title: "app.nav.down", back: "/desk" }, home("DownPage")),
  page("patients", { title: "app.nav.patients" }, record("PatientsPage")),
  page("patients/:patient", { title: "app.nav.patients", back: "/patients" }, record("PatientPage")),
  page("worklist", { title: "app.nav.worklist" }, reading("WorklistPage")),
  page("read/:order", { title: "viewer.title", back: "/worklist", dark: true, bare: true }, reading("ReadPage")),
  page("ecg/:order", { title: "ecg.title", back: "/worklist", bare: true }, reading("EcgPage")),
  page("referrals/board", { title: "app.nav.referrals" }, kanban("KanbanPage")),
  page("referrals/:id?", { title: "app.nav.referrals", back: "/referrals" }, referral("ReferralsPage")),
  page("refer/new", { title: "app.nav.refer", back: "/desk" }, refer("ReferPage")),
  page("beds", { title: "app.nav.beds" }, beds("BedsPage")),
  page("beds/wall", { title: "app.nav.beds", back: "/beds", dark: true, bare: true }, beds("BedWallPage")),
  page("consults", { title: "app.nav.consults" }, consult("ConsultsPage")),
  page("consults/new", { title: "consult.apply.title", back: "/consults" }, consult("ApplyPage")),
  page("consults/schedule", { title: "consult.schedule.title", back: "/consults" }, roster("SchedulePage")),
  page("consults/experts", { title: "consult.roster.title", back: "/consults" }, roster("ExpertsPage")),
  page("consults/:id/room", { title: "consult.room", back: "/consults", dark: true, bare: true }, room("RoomPage")),
  page(
    "consults/:id/class",
    { title: "room.class.title", back: "/consults?box=class", dark: true, bare: true },
    room("ClassPage"),
  ),
  page("consults/:id", { title: "app.nav.consults", back: "/consults" }, consult("ConsultPage")),
  page("follow-ups", { title: "app.nav.followUps" }, visits("FollowUpsPage")),
  page("follow-ups/:id", { title: "app.nav.followUps", back: "/follow-ups" }, visits("FollowUpPage")),
  page("quarantine", { title: "app.nav.quarantine" }, admin("QuarantinePage")),
  page("admin/organizations", { title: "app.nav.organizations" }, admin("OrganizationsPage")),
  page("admin/users", { title: "app.nav.users" }, admin("UsersPage")),
];

const KIT: RouteObject[] = import.meta.env.DEV
  ? [
      page("dev/kit", { title: "app.nav.kit" }, async () => ({
        Component: (await import("./kit/KitPage.tsx")).KitPage,
      })),
    ]
  : [];

export const ROUTES: RouteObject[] = [
  { path: "/login", element: <SignInPage />, errorElement: <RouteBoundary /> },
  {
    path: "/",
    element: <Shell />,
    errorElement: <RouteBoundary />,
    hydrateFallbackElement: <></>,
    children: [
      { index: true, element: <StartPage /> },
      { path: "me", element: <MePage />, handle: { title: "app.nav.me" } satisfies PageHandle },
      ...PAGES,
      ...KIT,
      { path: "*", element: <MissingPage />, handle: { title: "app.missing.title" } satisfies PageHandle },
    ],
  },
];

export function makeRouter() {
  return createBrowserRouter(ROUTES);
}
