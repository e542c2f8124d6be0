/** The frame of every page: rail or tab bar, top bar, offline bar, main. Below it there is always a signed-in person. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Suspense, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, Outlet, useLocation, useMatches, useNavigate } from "react-router";
import { useWaitingCount } from "../../api/pending.ts";
import { sessions } from "../../api/resources/session.ts";
import { KeyHelp } from "../../keys/KeyHelp.tsx";
import { useKeys } from "../../keys/useKeys.ts";
import { startLive, useLine, watchLine } from "../../live/index.ts";
import { OfflineBar } from "../../ui/OfflineBar.tsx";
import { ProblemCard } from "../../ui/ProblemNote.tsx";
import { SkeletonPage } from "../../ui/Skeletons.tsx";
import { useCloseGuard } from "../../ui/useLeaveGuard.tsx";
import { useScreen } from "../../ui/useScreen.ts";
import { useAppearance } from "../appearance.tsx";
import { LockScreen } from "../pages/LockScreen.tsx";
import { useAccount } from "../session.tsx";
import type { PageHandle } from "./handle.ts";
import { Rail } from "./Rail.tsx";
import { Ringing } from "./Ringing.tsx";
import "./shell.css";
import { TabBar } from "./TabBar.tsx";
import { TopBar } from "./TopBar.tsx";

function usePage(): PageHandle {
  const handles = useMatches().map(({ handle }) => handle as PageHandle | undefined);
  return handles.findLast((handle) => handle !== undefined) ?? { title: "app.nav.home" };
}

/** The event stream and the watch over the line, for as long as somebody is signed in. */
function useLive(): void {
  const cache = useQueryClient();
  const { expire, expired } = useAccount();
  const latest = useRef(expire);
  useEffect(() => {
    latest.current = expire;
  }, [expire]);
  useEffect(
    () =>
      expired
        ? undefined
        : startLive(cache, () => {
            latest.current();
          }),
    [cache, expired],
  );
  useEffect(watchLine, []);
}

function useShellKeys(onHelp: () => void): void {
  const navigate = useNavigate();
  const go = (to: string) => () => {
    void navigate(to);
  };
  useKeys("everywhere", {
    help: onHelp,
    search: () => document.getElementById("search")?.focus(),
    goWorklist: go("/worklist"),
    goHome: go("/desk"),
    goResults: go("/results"),
    goTrack: go("/track"),
    goReferrals: go("/referrals"),
    goBeds: go("/beds"),
  });
}

function Frame() {
  useLive();
  const [help, setHelp] = useState(false);
  useShellKeys(() => {
    setHelp(true);
  });
  const { t } = useTranslation();
  const line = useLine();
  const waiting = useWaitingCount();
  // What waits lives in this page only.
  useCloseGuard(waiting > 0);
  const screen = useScreen();
  const page = usePage();
  const { pathname } = useLocation();
  // A page with an optional part in its address does not lead back to itself.
  const back = page.back === pathname ? null : (page.back ?? null);
  const account = useAccount();
  const { askDark } = useAppearance();
  const title = t(page.title);
  useEffect(() => {
    askDark(page.dark === true);
    document.title = `${title} · ${t("app.name")}`;
  }, [askDark, page.dark, title, t]);
  return (
    <div className="shell">
      <a className="skip" href="#main">
        {t("app.skip")}
      </a>
      {screen === "phone" ? (
        <TabBar />
      ) : (
        <Rail
          onHelp={() => {
            setHelp(true);
          }}
        />
      )}
      <TopBar title={title} back={back} line={line} />
      <div className="shell-body">
        {line.at === "down" && <OfflineBar since={line.since} waiting={waiting} />}
        <Ringing />
        <main id="main" tabIndex={-1} className={page.bare ? "shell-main shell-bare" : "shell-main page-pad"}>
          <Suspense fallback={<SkeletonPage />}>
            <Outlet />
          </Suspense>
        </main>
      </div>
      <KeyHelp
        open={help}
        onClose={() => {
          setHelp(false);
        }}
      />
      {account.expired && <LockScreen />}
    </div>
  );
}

export function Shell() {
  const session = useQuery(sessions.current);
  const location = useLocation();
  if (session.isPending) return <SkeletonPage />;
  if (session.isLoadingError)
    return (
      <main className="page-pad">
        <ProblemCard failure={session.error} onRetry={() => void session.refetch()} />
      </main>
    );
  if (session.data === null)
    return <Navigate to="/login" replace state={{ from: location.pathname + location.search }} />;
  return <Frame key={session.data.user.id} />;
}
