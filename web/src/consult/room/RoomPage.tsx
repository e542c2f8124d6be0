/** `/consults/{id}/room`: first the devices, then the door, then the room; a reload comes straight back. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { newKey } from "../../api/client.ts";
import { consults } from "../../api/resources/consults.ts";
import type { ConsultDetail } from "../../api/types.ts";
import { roomOf, type Stage } from "../../room/core/index.ts";
import { signalAddress, StaffSession, wasInside } from "../../room/link/index.ts";
import { ModuleBoundary } from "../../ui/ModuleBoundary.tsx";
import { ProblemCard } from "../../ui/ProblemNote.tsx";
import { SkeletonPage } from "../../ui/Skeletons.tsx";
import { meIn, RoomContext, useCall, type InRoom } from "./context.ts";
import { DeviceCheck } from "./DeviceCheck.tsx";
import { Inside } from "./InRoom.tsx";
import { Over, Refused, Waiting } from "./Outside.tsx";
import { Returning } from "./Returning.tsx";
import "./room.css";
import type { Checked } from "./useCheck.ts";
import { useKept } from "./useKept.ts";
import { useReturning } from "./useReturning.ts";

export function RoomPage() {
  const { id = "" } = useParams();
  const consult = useQuery(consults.detail(id));
  if (consult.isPending) return <SkeletonPage />;
  if (consult.isLoadingError)
    return (
      <div className="page-pad">
        <ProblemCard failure={consult.error} onRetry={() => void consult.refetch()} />
      </div>
    );
  return <Door key={id} consult={consult.data} />;
}

function begin(consult: string, checked: Checked): StaffSession {
  return new StaffSession({ address: signalAddress(consult), ...checked, newKey });
}

function Door({ consult }: { consult: ConsultDetail }) {
  const { t } = useTranslation();
  const [session, setSession] = useState<StaffSession | null>(null);
  const [returning, setReturning] = useState(() => wasInside(consult.id));
  const enter = (checked: Checked) => {
    setReturning(null);
    setSession(begin(consult.id, checked));
  };
  if (session !== null)
    return (
      <Live
        key={consult.id}
        session={session}
        consult={consult}
        onAgain={() => {
          setSession(null);
        }}
      />
    );
  if (returning !== null) return <Returning inside={returning} onEnter={enter} />;
  return (
    <DeviceCheck
      heading={`${t("consult.room")} ${consult.number}`}
      address={signalAddress(consult.id)}
      onEnter={enter}
    />
  );
}

interface LiveProps {
  readonly session: StaffSession;
  readonly consult: ConsultDetail;
  readonly onAgain: () => void;
}

/** The consult moves on while we talk: what may be done with it and with its opinion is asked anew. */
function useMovingOn(at: string): void {
  const cache = useQueryClient();
  useEffect(() => {
    void cache.invalidateQueries({ queryKey: consults.keys.all });
  }, [cache, at]);
}

/** The hospital's number, as the waiting room named it last. */
function usePhone(stage: Stage): string {
  const [phone, setPhone] = useState("");
  if (stage.at === "waiting" && stage.lobby.phone !== phone) setPhone(stage.lobby.phone);
  return phone;
}

function Live({ session, consult, onAgain }: LiveProps) {
  const call = useCall(session);
  useKept(session);
  const { stage } = call;
  useReturning(consult.id, session, call);
  useMovingOn(roomOf(call)?.state ?? stage.at);
  const phone = usePhone(stage);
  const leave = () => {
    session.leave();
  };
  switch (stage.at) {
    case "joining":
      return <Waiting lobby={null} onLeave={leave} />;
    case "waiting":
      return <Waiting lobby={stage.lobby} onLeave={leave} />;
    case "refused":
      return <Refused stage={stage} consult={consult.id} />;
    case "over":
      return <Over reason={stage.reason} consult={consult.id} onAgain={onAgain} />;
    case "inside":
      return <Entered inRoom={{ session, call, room: stage.room, me: meIn(stage.room), consult, phone }} />;
  }
}

function Entered({ inRoom }: { inRoom: InRoom }) {
  const { t } = useTranslation();
  return (
    <ModuleBoundary name={t("consult.room")}>
      <RoomContext value={inRoom}>
        <Inside />
      </RoomContext>
    </ModuleBoundary>
  );
}
