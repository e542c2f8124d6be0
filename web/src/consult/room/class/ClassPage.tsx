/** `/consults/{id}/class`: whoever may look on comes in without a microphone and without a camera, by one press. */
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { GraduationCap } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { newKey } from "../../../api/client.ts";
import { classes } from "../../../api/resources/classes.ts";
import type { Class } from "../../../api/types.ts";
import { signalAddress, StaffSession } from "../../../room/link/index.ts";
import { ModuleBoundary } from "../../../ui/ModuleBoundary.tsx";
import { ProblemCard } from "../../../ui/ProblemNote.tsx";
import { SkeletonPage } from "../../../ui/Skeletons.tsx";
import { When } from "../../../ui/When.tsx";
import { meIn, RoomContext, useCall } from "../context.ts";
import { Waiting } from "../Outside.tsx";
import "../room.css";
import { useKept } from "../useKept.ts";
import "./class.css";
import { Looking } from "./Looking.tsx";

function Card({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="cr-outside">
      <section className="card cr-card" aria-label={title}>
        <h2 role="status">{title}</h2>
        {children}
      </section>
    </div>
  );
}

function Back() {
  const { t } = useTranslation();
  return <Link to="/consults?box=class">{t("room.class.back")}</Link>;
}

export function ClassPage() {
  const { id = "" } = useParams();
  const one = useQuery(classes.detail(id));
  if (one.isPending) return <SkeletonPage />;
  if (one.isLoadingError)
    return (
      <div className="page-pad">
        <ProblemCard failure={one.error} onRetry={() => void one.refetch()} />
      </div>
    );
  return <Door key={id} lesson={one.data} />;
}

function Door({ lesson }: { lesson: Class }) {
  const { t } = useTranslation();
  const [session, setSession] = useState<StaffSession | null>(null);
  if (session !== null)
    return (
      <Live
        session={session}
        onAgain={() => {
          setSession(null);
        }}
      />
    );
  const enter = () => {
    setSession(new StaffSession({ address: signalAddress(lesson.id), microphone: null, camera: null, newKey }));
  };
  return (
    <Card title={`${t("room.class.title")} ${lesson.number}`}>
      <p>
        <b>{lesson.experts.map(({ name }) => name).join(" ")}</b> {lesson.to.name} {lesson.specialties.join(" ")}
        <span className="mut s13 cr-block">
          {t("consult.fact.from")} {lesson.from.name}
        </span>
      </p>
      {lesson.begins_at !== null && (
        <p>
          <When at={lesson.begins_at} />
        </p>
      )}
      <p className="cr-now">{t("room.class.rules")}</p>
      <Button type="primary" size="large" icon={<GraduationCap aria-hidden="true" />} onClick={enter}>
        {t("room.class.enter")}
      </Button>
      <Back />
    </Card>
  );
}

const COMES_BACK: readonly string[] = ["left", "replaced", "removed"];

function Live({ session, onAgain }: { session: StaffSession; onAgain: () => void }) {
  const { t } = useTranslation();
  const call = useCall(session);
  useKept(session);
  const { stage } = call;
  const leave = () => {
    session.leave();
  };
  switch (stage.at) {
    case "joining":
      return <Waiting lobby={null} onLeave={leave} />;
    case "waiting":
      return <Waiting lobby={stage.lobby} onLeave={leave} />;
    case "refused":
      return (
        <Card title={t("room.refused.other")}>
          <p>{stage.detail}</p>
          <Back />
        </Card>
      );
    case "over":
      return (
        <Card title={t(`room.over.${stage.reason}`)}>
          {COMES_BACK.includes(stage.reason) && (
            <Button type="primary" size="large" onClick={onAgain}>
              {t("room.over.again")}
            </Button>
          )}
          <Back />
        </Card>
      );
    case "inside":
      return (
        <ModuleBoundary name={t("room.class.title")}>
          <RoomContext value={{ session, call, room: stage.room, me: meIn(stage.room), consult: null, phone: "" }}>
            <Looking />
          </RoomContext>
        </ModuleBoundary>
      );
  }
}
