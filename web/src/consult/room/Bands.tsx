/** What everybody has to know now, in words, above all else: the line, the microphone, the recording, the door. */
import { Button } from "antd";
import { CircleDot, DoorOpen } from "lucide-react";
import { useEffect, useRef, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { monotonic } from "../../api/clock.ts";
import { waitingOf, type Seat } from "../../room/core/index.ts";
import { playTune, type Media } from "../../room/link/index.ts";
import { Note } from "../../ui/Note.tsx";
import { useNow } from "../../ui/useNow.ts";
import { ClassBand } from "./ClassBand.tsx";
import { useRoom } from "./context.ts";
import { useWhyWords } from "./useWhyWords.ts";
import { useSaying } from "./useSaying.ts";

function Seconds({ since, of }: { since: number; of: "down" | "restoring" }) {
  const { t } = useTranslation();
  useNow(1_000);
  const seconds = Math.max(1, Math.round((monotonic() - since) / 1000));
  return t(`room.band.${of}`, { seconds });
}

/** The line to the hub before voice and picture: without it nothing else is known. */
function Line() {
  const { call } = useRoom();
  const { line, media } = call;
  if (line.at === "down")
    return (
      <Note tone="due">
        <Seconds since={line.since} of="down" />
      </Note>
    );
  return <Voice media={media} />;
}

function Voice({ media }: { media: Media }) {
  const { t } = useTranslation();
  const { phone } = useRoom();
  switch (media.at) {
    case "restoring":
      return (
        <Note tone="due">
          <Seconds since={media.since} of="restoring" />
        </Note>
      );
    case "blocked":
      return (
        <Note tone="over">{phone === "" ? t("room.band.blockedNoPhone") : t("room.band.blocked", { phone })}</Note>
      );
    case "up":
      return media.path === "tcp" ? <Note>{t("room.band.tcp")}</Note> : null;
    case "off":
    case "connecting":
      return null;
  }
}

function Muted() {
  const { t } = useTranslation();
  const { session, call } = useRoom();
  if (call.muted === null) return null;
  const { kind, by } = call.muted;
  const words = t(kind === "microphone" ? "room.band.mutedMicrophone" : "room.band.mutedCamera", { name: by });
  return (
    <Note tone="due">
      {words}{" "}
      <Button
        size="small"
        onClick={() => {
          session.seen();
        }}
      >
        {t("room.band.seen")}
      </Button>
    </Note>
  );
}

const KINDS = ["microphone", "camera"] as const;

function Devices() {
  const { t } = useTranslation();
  const { call } = useRoom();
  const whyOf = useWhyWords();
  const failed = KINDS.filter((kind) => call.mine[kind].why !== "ready");
  return failed.map((kind) => (
    <Note key={kind} tone="due">
      {t("room.band.device", { device: t(`room.check.${kind}`), why: whyOf(call.mine[kind].why) })}
    </Note>
  ));
}

/** Shown all the while, to everybody; whoever agreed can take it back here. */
function Recording() {
  const { t } = useTranslation();
  const { room, me } = useRoom();
  const say = useSaying();
  if (room.recording === "off") return null;
  const asked = room.seats.filter(({ status, role }) => status !== "waiting" && role !== "observer");
  const open = asked.filter(({ consent }) => consent === null).length;
  return (
    <div className={room.recording === "on" ? "cr-recording" : "cr-recording cr-asking"}>
      <CircleDot aria-hidden="true" />
      <b>{room.recording === "on" ? t("room.band.recording") : t("room.band.asking", { count: open })}</b>
      {me?.consent === true && (
        <Button
          size="small"
          onClick={() => {
            say({ type: "consent", recording: false });
          }}
        >
          {t("room.consent.withdraw")}
        </Button>
      )}
    </div>
  );
}

/** As many as a glance takes in; the rest stand in the list of people. */
const AT_A_GLANCE = 3;

/** Somebody at the door: a tune once for each, and one press to let her in. */
function Door() {
  const { room } = useRoom();
  const waiting = room.may.includes("admit") ? waitingOf(room) : [];
  const known = useRef(0);
  useEffect(() => {
    if (waiting.length > known.current) playTune();
    known.current = waiting.length;
  }, [waiting.length]);
  return waiting.slice(0, AT_A_GLANCE).map((seat) => <Knock key={seat.id} seat={seat} />);
}

function Knock({ seat }: { seat: Seat }) {
  const { t } = useTranslation();
  const say = useSaying();
  return (
    <Note tone="info" icon={DoorOpen}>
      {t("room.band.waiting", { name: `${seat.name} (${t(`room.role.${seat.role}`)})` })}{" "}
      <Button
        type="primary"
        size="small"
        aria-label={t("room.people.admitName", { name: seat.name })}
        onClick={() => {
          say({ type: "admit", seat: seat.id });
        }}
      >
        {t("room.people.admit")}
      </Button>
    </Note>
  );
}

/** Whose line does not carry a picture: her own she is told, everybody else's the host. */
function Thin(): ReactNode {
  const { t } = useTranslation();
  const { call, room } = useRoom();
  const mine = Object.values(call.paused).includes("line");
  const thin = room.seats.filter(
    ({ id, status }) =>
      room.me === room.host && id !== room.me && status === "inside" && call.quality[id]?.level === "poor",
  );
  return (
    <>
      {mine && <Note tone="due">{t("room.tile.ownTooThin")}</Note>}
      {thin.map(({ id, name }) => (
        <Note key={id} tone="due">
          {t("room.tile.tooThin", { name })}
        </Note>
      ))}
    </>
  );
}

export function Bands() {
  const { me } = useRoom();
  return (
    <div className="cr-bands" role="status">
      <Line />
      <Recording />
      {me?.role !== "observer" && <ClassBand />}
      <Door />
      <Muted />
      <Devices />
      <Thin />
    </div>
  );
}
