/** Who waits at the door and who is inside; whoever may, lets in one by one. */
import { Button } from "antd";
import { DoorOpen, Hand, Lock, LockOpen, Mic, MicOff, Video, VideoOff } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { civil } from "../../api/clock.ts";
import { observersOf, waitingOf, type Seat } from "../../room/core/index.ts";
import { useRoom } from "./context.ts";
import { SeatMenu } from "./SeatMenu.tsx";
import { useSaying } from "./useSaying.ts";

function Who({ seat }: { seat: Seat }) {
  const { t } = useTranslation();
  return (
    <span className="sp cr-who">
      <b>{seat.name}</b> <span className="mut s13">{t(`room.role.${seat.role}`)}</span>
      <span className="mut s13 cr-block">
        {seat.organization} {seat.title}
      </span>
    </span>
  );
}

function Waiting({ seats }: { seats: readonly Seat[] }) {
  const { t } = useTranslation();
  const { room } = useRoom();
  const say = useSaying();
  if (seats.length === 0) return null;
  return (
    <section aria-label={t("room.people.waiting")}>
      <h3>{t("room.people.waiting")}</h3>
      <ul className="cr-people">
        {seats.map((seat) => (
          <li key={seat.id}>
            <Who seat={seat} />
            <span className="mut s13 nw">{t("room.people.since", { time: civil(seat.since).time })}</span>
            {room.may.includes("admit") && (
              <Button
                type="primary"
                size="small"
                icon={<DoorOpen aria-hidden="true" />}
                aria-label={t("room.people.admitName", { name: seat.name })}
                onClick={() => {
                  say({ type: "admit", seat: seat.id });
                }}
              >
                {t("room.people.admit")}
              </Button>
            )}
            <SeatMenu seat={seat} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Microphone, camera, hand, and what she said about recording: with words for whoever does not see the signs. */
function Signs({ seat }: { seat: Seat }) {
  const { t } = useTranslation();
  return (
    <span className="cr-signs">
      {seat.hand && <Hand className="duec" aria-label={t("room.people.hand")} />}
      {seat.role !== "observer" && <Sent seat={seat} />}
    </span>
  );
}

/** What she sends, and whether she may be recorded. */
function Sent({ seat }: { seat: Seat }) {
  const { t } = useTranslation();
  const { room } = useRoom();
  const microphone = seat.microphone && !seat.silenced.includes("microphone");
  return (
    <>
      {microphone ? (
        <Mic aria-label={t("room.tile.microphoneOn")} />
      ) : (
        <MicOff className="mut" aria-label={t("room.tile.microphoneOff")} />
      )}
      {seat.camera ? (
        <Video aria-label={t("room.people.camera")} />
      ) : (
        <VideoOff className="mut" aria-label={t("room.tile.line.camera-off")} />
      )}
      {room.recording !== "off" && <span className="s12">{t(consentKey(seat.consent))}</span>}
    </>
  );
}

function consentKey(consent: boolean | null) {
  if (consent === null) return "room.people.consentOpen";
  return consent ? "room.people.consented" : "room.people.refusedRecording";
}

function Here({ seats, title, children }: { seats: readonly Seat[]; title: string; children?: ReactNode }) {
  const { t } = useTranslation();
  const { room } = useRoom();
  if (seats.length === 0) return null;
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <ul className="cr-people">
        {seats.map((seat) => (
          <li key={seat.id}>
            <Who seat={seat} />
            {seat.status === "away" ? <span className="duec s13">{t("room.people.away")}</span> : <Signs seat={seat} />}
            {seat.id !== room.me && <SeatMenu seat={seat} />}
          </li>
        ))}
      </ul>
      {children}
    </section>
  );
}

/** Whoever only looks on, by name; the host sends all of them out with one press. */
function Class() {
  const { t } = useTranslation();
  const { room } = useRoom();
  const say = useSaying();
  const seats = observersOf(room);
  return (
    <Here seats={seats} title={t("room.people.observers", { count: seats.length })}>
      {room.teaching && room.may.includes("remove") && (
        <Button
          danger
          onClick={() => {
            say({ type: "remove", seat: "class" });
          }}
        >
          {t("room.class.removeAll")}
        </Button>
      )}
    </Here>
  );
}

function Door() {
  const { t } = useTranslation();
  const { room } = useRoom();
  const say = useSaying();
  return (
    <div className="row g8 wrap">
      {room.may.includes("mute") && (
        <Button
          icon={<MicOff aria-hidden="true" />}
          onClick={() => {
            say({ type: "mute", seat: "all", kind: "microphone" });
          }}
        >
          {t("room.people.muteAll")}
        </Button>
      )}
      {room.may.includes("lock") && (
        <Button
          icon={room.locked ? <LockOpen aria-hidden="true" /> : <Lock aria-hidden="true" />}
          aria-pressed={room.locked}
          onClick={() => {
            say({ type: "lock", on: !room.locked });
          }}
        >
          {t(room.locked ? "room.people.unlock" : "room.people.lock")}
        </Button>
      )}
      {room.locked && <span className="duec s13">{t("room.people.locked")}</span>}
    </div>
  );
}

export function PeoplePane() {
  const { t } = useTranslation();
  const { room } = useRoom();
  const inside = room.seats.filter(({ status, role }) => status !== "waiting" && role !== "observer");
  return (
    <div className="col g12">
      <Waiting seats={waitingOf(room)} />
      <Here seats={inside} title={t("room.people.inside")} />
      <Class />
      <Door />
    </div>
  );
}
