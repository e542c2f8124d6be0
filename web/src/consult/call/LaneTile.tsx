/** One person of a recording, or a screen: her picture where there is one, her voice, and a button that silences it. */
import { UserX, VideoOff, Volume2, VolumeX } from "lucide-react";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { Player, Playing } from "./player.ts";
import { pictureAt, wasThere, type Lane, type Track } from "./timeline.ts";

function Sounding({ track, player, label, on }: { track: Track; player: Player; label: string; on: boolean }) {
  const hold = useCallback(
    (media: HTMLMediaElement | null) => (media === null ? undefined : player.attach(track, media)),
    [player, track],
  );
  if (track.kind === "video")
    return <video ref={hold} src={track.url} hidden={!on} aria-label={label} preload="auto" muted playsInline />;
  // Nobody has written captions for what people said.
  // eslint-disable-next-line jsx-a11y/media-has-caption
  return <audio ref={hold} src={track.url} aria-label={label} preload="auto" />;
}

function Empty({ lane, at }: { lane: Lane; at: number }) {
  const { t } = useTranslation();
  const there = wasThere(lane, at);
  return (
    <span className="ck-empty">
      {there ? <VideoOff aria-hidden="true" /> : <UserX aria-hidden="true" />}
      {t(there ? "call.player.noPicture" : "call.player.away")}
    </span>
  );
}

function Silence({ lane, player, silent }: { lane: Lane; player: Player; silent: boolean }) {
  const { t } = useTranslation();
  const Icon = silent ? VolumeX : Volume2;
  return (
    <button
      type="button"
      className="ck-mute"
      aria-pressed={silent}
      aria-label={t("call.player.mute", { name: lane.name })}
      onClick={() => {
        player.silence(lane.id);
      }}
    >
      <Icon aria-hidden="true" />
    </button>
  );
}

export function LaneTile({ lane, player, playing }: { lane: Lane; player: Player; playing: Playing }) {
  const { t } = useTranslation();
  const picture = pictureAt(lane, playing.at);
  const name = lane.what === "screen" ? t("call.player.screenOf", { name: lane.name }) : lane.name;
  const silent = playing.silent.includes(lane.id);
  return (
    <figure className={lane.what === "screen" ? "ck-tile ck-screen" : "ck-tile"} aria-label={name}>
      {lane.tracks.map((track) => (
        <Sounding key={track.number} track={track} player={player} label={name} on={track === picture} />
      ))}
      {picture === null && <Empty lane={lane} at={playing.at} />}
      <figcaption>
        <span className="ell">{name}</span>
        {lane.what === "person" && <Silence lane={lane} player={player} silent={silent} />}
      </figcaption>
    </figure>
  );
}
