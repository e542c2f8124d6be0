/** Before the door opens and after it closed: who comes and when, why not, and the way back. */
import { Button } from "antd";
import { CalendarClock, DoorOpen, Phone } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { civil, instant } from "../../api/clock.ts";
import type { EndReason, Lobby, Stage } from "../../room/core/index.ts";
import { useNow } from "../../ui/useNow.ts";

const MINUTE_MS = 60_000;

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

function when(at: string): string {
  const { date, time } = civil(at);
  return `${date} ${time}`;
}

/** What now: let in soon, being rung, late, or not here yet. */
function useWaitWords(lobby: Lobby | null): string {
  const { t } = useTranslation();
  const now = useNow(5_000);
  if (lobby === null) return t("room.wait.connecting");
  if (lobby.host_here) return t("room.wait.hostHere", { name: lobby.experts[0]?.name ?? "" });
  if (lobby.state === "ringing") return t("room.wait.rung");
  const late = lobby.begins_at === null ? 0 : Math.floor((now - instant(lobby.begins_at)) / MINUTE_MS);
  return late >= 1 ? t("room.wait.late", { minutes: late }) : t("room.wait.hostAway");
}

export function Waiting({ lobby, onLeave }: { lobby: Lobby | null; onLeave: () => void }) {
  const { t } = useTranslation();
  const words = useWaitWords(lobby);
  return (
    <Card title={t("room.wait.title")}>
      <p className="cr-now" role="status">
        {words}
      </p>
      {lobby !== null && (
        <>
          <h3>{t("room.wait.experts")}</h3>
          <ul className="cr-people">
            {lobby.experts.map(({ name, title, organization }) => (
              <li key={name}>
                <span className="avatar" aria-hidden="true">
                  {name.slice(0, 1)}
                </span>
                <span className="sp">
                  <b>{name}</b> <span className="mut">{title}</span>
                  <span className="mut s13 cr-block">{organization}</span>
                </span>
              </li>
            ))}
          </ul>
          {lobby.begins_at !== null && (
            <p className="row g8">
              <CalendarClock aria-hidden="true" />
              {t("room.wait.begins", { when: when(lobby.begins_at) })}
            </p>
          )}
          {lobby.phone !== "" && (
            <p className="row g8">
              <Phone aria-hidden="true" />
              {t("room.wait.phone", { phone: lobby.phone })}
            </p>
          )}
        </>
      )}
      <Button onClick={onLeave}>{t("room.wait.leave")}</Button>
    </Card>
  );
}

type Refusal = Extract<Stage, { at: "refused" }>;

export function Refused({ stage, consult }: { stage: Refusal; consult: string }) {
  const { t } = useTranslation();
  const back = <Link to={`/consults/${consult}`}>{t("room.back")}</Link>;
  if (stage.code === "TOO_EARLY" && stage.beginsAt !== null)
    return (
      <Card title={t("room.refused.early")}>
        <p>{t("room.refused.earlyText", { when: when(stage.beginsAt) })}</p>
        {back}
      </Card>
    );
  if (stage.code === "FORBIDDEN" || stage.code === "OVER") {
    const why = stage.code === "OVER" ? "over" : "notYours";
    return (
      <Card title={t(`room.refused.${why}`)}>
        <p>{t(`room.refused.${why}Text`)}</p>
        {back}
      </Card>
    );
  }
  return (
    <Card title={t("room.refused.other")}>
      <p>{t("room.refused.otherText", { detail: stage.detail })}</p>
      {back}
    </Card>
  );
}

const COMES_BACK: readonly EndReason[] = ["left", "replaced", "arranging"];

export function Over({ reason, consult, onAgain }: { reason: EndReason; consult: string; onAgain: () => void }) {
  const { t } = useTranslation();
  const back = COMES_BACK.includes(reason);
  return (
    <Card title={t(`room.over.${reason}`)}>
      <p>{t(`room.over.${reason}Text`)}</p>
      <div className="row g8 wrap">
        {back && (
          <Button type="primary" size="large" icon={<DoorOpen aria-hidden="true" />} onClick={onAgain}>
            {t("room.over.again")}
          </Button>
        )}
        <Link to={`/consults/${consult}`}>
          <Button size="large" type={back ? "default" : "primary"} tabIndex={-1}>
            {t("room.over.opinion")}
          </Button>
        </Link>
      </div>
    </Card>
  );
}
