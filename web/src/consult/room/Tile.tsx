/** A person: face or initial, name and role, microphone, and how the line is in words. */
import { Hand, MicOff, Mic, Signal, SignalLow, SignalMedium, WifiOff, AudioLines, type LucideIcon } from "lucide-react";
import { useTranslation } from "react-i18next";
import { lineWordOf, trackKey, type LineWord, type Seat, type SeatQuality } from "../../room/core/index.ts";
import type { Call } from "../../room/link/index.ts";
import { useRoom } from "./context.ts";
import { Face } from "./Face.tsx";
import { SeatMenu } from "./SeatMenu.tsx";
import { useOwnStream } from "./useOwnStream.ts";

const LINE: Readonly<Record<Exclude<LineWord, "unknown">, readonly [LucideIcon, string]>> = {
  clear: [Signal, "cr-good"],
  fair: [SignalMedium, "cr-fair"],
  poor: [SignalLow, "cr-fair"],
  "audio-only": [AudioLines, "cr-fair"],
  reconnecting: [WifiOff, "cr-lost"],
  "camera-off": [Signal, "cr-good"],
};

function useNumbers(measured: SeatQuality | undefined): string {
  const { t } = useTranslation();
  if (measured === undefined) return "";
  return t("room.tile.measured", {
    rtt: measured.rtt_ms ?? "–",
    loss: measured.loss === null ? "–" : (measured.loss * 100).toFixed(0),
    kbit: measured.kbit ?? "–",
  });
}

/** In words first; the numbers for whoever hovers. */
function LineSign({ seat }: { seat: Seat }) {
  const { t } = useTranslation();
  const { call, me } = useRoom();
  const word = lineWordOf(seat, call);
  const numbers = useNumbers(call.quality[seat.id]);
  if (word === "unknown") return null;
  const [Icon, look] = LINE[word];
  return (
    <span className={`cr-line ${look}`} title={numbers}>
      <Icon aria-hidden="true" />
      {seat.id === me?.id && word === "camera-off" ? "" : t(`room.tile.line.${word}`)}
    </span>
  );
}

function pictureOf(seat: Seat, { tracks, paused, audioOnly }: Call): MediaStream | null {
  const key = trackKey(seat.id, "camera");
  if (!seat.camera || audioOnly || paused[key] !== undefined) return null;
  return tracks[key] ?? null;
}

function Name({ seat, mine }: { seat: Seat; mine: boolean }) {
  const { t } = useTranslation();
  const microphone = seat.microphone && !seat.silenced.includes("microphone");
  const Icon = microphone ? Mic : MicOff;
  return (
    <span className="cr-name">
      <Icon aria-hidden="true" className={microphone ? "" : "cr-off"} />
      <span className="visually-hidden">{t(microphone ? "room.tile.microphoneOn" : "room.tile.microphoneOff")}</span>
      <b>{seat.name}</b>
      <span>({mine ? t("room.tile.me") : t(`room.role.${seat.role}`)})</span>
    </span>
  );
}

export function Tile({ seat, large = false }: { seat: Seat; large?: boolean }) {
  const { t } = useTranslation();
  const { call, room } = useRoom();
  const mine = seat.id === room.me;
  const own = useOwnStream(mine ? call.mine.camera.track : null);
  const stream = mine ? own : pictureOf(seat, call);
  return (
    <figure className={large ? "cr-tile cr-large" : "cr-tile"} aria-label={seat.name}>
      {stream === null ? (
        <span className="cr-initial" aria-hidden="true">
          {seat.name.slice(0, 1)}
        </span>
      ) : (
        <Face stream={stream} label={seat.name} mirror={mine} />
      )}
      {seat.hand && (
        <span className="cr-hand">
          <Hand aria-hidden="true" />
          {t("room.tile.hand")}
        </span>
      )}
      {!mine && <SeatMenu seat={seat} />}
      <figcaption>
        <span className="cr-row">
          <Name seat={seat} mine={mine} />
          <LineSign seat={seat} />
        </span>
        <span className="cr-org">
          {seat.organization} {seat.title}
        </span>
      </figcaption>
    </figure>
  );
}
