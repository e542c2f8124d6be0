/** Beside the images: the opinion as it is written, the chat, the people, what was asked. */
import { Badge, Segmented } from "antd";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { waitingOf } from "../../room/core/index.ts";
import { Note } from "../../ui/Note.tsx";
import { SkeletonRows } from "../../ui/Skeletons.tsx";
import { ChatPane } from "./ChatPane.tsx";
import { useConsult, useRoom } from "./context.ts";
import { PeoplePane } from "./PeoplePane.tsx";

const Facts = lazy(async () => ({ default: (await import("../Facts.tsx")).Facts }));
const OpinionPane = lazy(async () => ({ default: (await import("../OpinionPane.tsx")).OpinionPane }));

export type SideTab = "opinion" | "chat" | "people" | "record";

function Opinion() {
  const { t } = useTranslation();
  const consult = useConsult();
  return (
    <div className="col g12">
      <OpinionPane id={consult.id} />
      <Note>{t("room.side.notEnding")}</Note>
    </div>
  );
}

export function Pane({ tab }: { tab: SideTab }) {
  return (
    <Suspense fallback={<SkeletonRows rows={6} />}>
      <Shown tab={tab} />
    </Suspense>
  );
}

function Shown({ tab }: { tab: SideTab }) {
  const consult = useConsult();
  switch (tab) {
    case "opinion":
      return <Opinion />;
    case "chat":
      return <ChatPane />;
    case "people":
      return <PeoplePane />;
    case "record":
      return <Facts consult={consult} />;
  }
}

/** How many messages came since the chat was last before me. */
export function useUnread(reading: boolean): number {
  const { call } = useRoom();
  const [read, setRead] = useState(0);
  // While it is before me everything is read.
  if (reading && read !== call.chats.length) setRead(call.chats.length);
  return reading ? 0 : call.chats.slice(read).filter(({ seat }) => seat !== call.me).length;
}

function Counted({ words, count, spoken }: { words: string; count: number; spoken: string }) {
  return (
    <Badge size="small" count={count} offset={[8, 0]} title={spoken}>
      <span>{words}</span>
      {count > 0 && <span className="visually-hidden">{spoken}</span>}
    </Badge>
  );
}

/** `brief`: five of them on a phone. */
export function useSideTabs(unread: number, brief = false): { value: SideTab; label: React.ReactNode }[] {
  const { t } = useTranslation();
  const { room } = useRoom();
  const waiting = waitingOf(room).length;
  return [
    { value: "opinion", label: t(brief ? "room.side.brief" : "room.side.opinion") },
    {
      value: "chat",
      label: (
        <Counted words={t("room.side.chat")} count={unread} spoken={t("room.side.chatCount", { count: unread })} />
      ),
    },
    {
      value: "people",
      label: (
        <Counted
          words={t("room.side.people")}
          count={waiting}
          spoken={t("room.side.waitingCount", { count: waiting })}
        />
      ),
    },
    { value: "record", label: t("room.side.record") },
  ];
}

export function Side({ tab, onTab }: { tab: SideTab; onTab: (tab: SideTab) => void }) {
  const { t } = useTranslation();
  const tabs = useSideTabs(useUnread(tab === "chat"));
  return (
    <aside className="cr-side" aria-label={t("room.side.label")}>
      <Segmented block aria-label={t("room.side.tabs")} options={tabs} value={tab} onChange={onTab} />
      <div className="cr-side-body">
        <Pane tab={tab} />
      </div>
    </aside>
  );
}
