/** Who waits at the door and who is inside; whoever may, lets in one by one. */
import { Button } from "antd";
import { DoorOpen, Hand, Lock, LockOpen, Mic, MicOff, Video, VideoOff } from "lucide-react";
import { useTranslation } from "react-i18next";
import { civil } from "../../api/clock.ts";
import { waitingOf, type Seat } from "../../room/core/index.ts";
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
  const { room } = useRoom();
  const microphone = seat.microphone && !seat.silenced.includes("microphone");
  return (
    <span className="cr-signs">
      {seat.hand && <Hand className="duec" aria-label={t("room.people.hand")} />}
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
    </span>
  );
}

function consentKey(consent: boolean | null) {
  if (consent === null) return "room.people.consentOpen";
  return consent ? "room.people.consented" : "room.people.refusedRecording";
}

function Inside() {
  const { t } = useTranslation();
  const { room } = useRoom();
  return (
    <section aria-label={t("room.people.inside")}>
      <h3>{t("room.people.inside")}</h3>
      <ul className="cr-people">
        {room.seats
          .filter(({ status }) => status !== "waiting")
          .map((seat) => (
            <li key={seat.id}>
              <Who seat={seat} />
              {seat.status === "away" ? (
                <span className="duec s13">{t("room.people.away")}</span>
              ) : (
                <Signs seat={seat} />
              )}
              {seat.id !== room.me && <SeatMenu seat={seat} />}
            </li>
          ))}
      </ul>
    </section>
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
  const { room } = useRoom();
  return (
    <div className="col g12">
      <Waiting seats={waitingOf(room)} />
      <Inside />
      <Door />
    </div>
  );
}
