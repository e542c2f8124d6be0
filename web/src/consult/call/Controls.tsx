/** Play, jump, how fast, and where one is: on the recording's clock and on the wall of that day. */
import { Button, Segmented } from "antd";
import { Pause, Play, RotateCcw, RotateCw } from "lucide-react";
import { useTranslation } from "react-i18next";
import { civil } from "../../api/clock.ts";
import { SPEEDS, type Player, type Playing } from "./player.ts";
import { beginning, type Shown } from "./shown.ts";
import { digits } from "./timeline.ts";

export const STEP_MS = 5_000;

function Position({ player, at, clock }: { player: Player; at: number; clock: string }) {
  const { t } = useTranslation();
  const { total } = player.timeline;
  return (
    <input
      type="range"
      className="ck-range"
      min={0}
      max={Math.ceil(total)}
      step={1000}
      value={Math.round(at)}
      aria-label={t("call.player.position")}
      aria-valuetext={t("call.player.positionText", { at: digits(at), total: digits(total), clock })}
      onChange={({ target }) => {
        player.seek(Number(target.value));
      }}
      onKeyDown={(event) => {
        // A slider has no use for the space bar, whoever plays has.
        if (event.key !== " ") return;
        event.preventDefault();
        player.toggle();
      }}
    />
  );
}

function Jump({ player, by }: { player: Player; by: number }) {
  const { t } = useTranslation();
  const words = t(by < 0 ? "call.player.back" : "call.player.forward");
  return (
    <Button
      icon={by < 0 ? <RotateCcw aria-hidden="true" /> : <RotateCw aria-hidden="true" />}
      aria-label={words}
      title={words}
      onClick={() => {
        player.step(by);
      }}
    />
  );
}

function Toggle({ player, running }: { player: Player; running: boolean }) {
  const { t } = useTranslation();
  return (
    <Button
      type="primary"
      icon={running ? <Pause aria-hidden="true" /> : <Play aria-hidden="true" />}
      onClick={() => {
        player.toggle();
      }}
    >
      {t(running ? "call.player.pause" : "call.player.play")}
    </Button>
  );
}

export function Controls({ shown, playing }: { shown: Shown; playing: Playing }) {
  const { t } = useTranslation();
  const { player } = shown;
  const { timeline } = player;
  const clock = civil(beginning(shown) + playing.at).timeWithSeconds;
  return (
    <div className="ck-controls">
      <Position player={player} at={playing.at} clock={clock} />
      <div className="row wrap">
        <Toggle player={player} running={playing.running} />
        <Jump player={player} by={-STEP_MS} />
        <Jump player={player} by={STEP_MS} />
        <span className="nw">
          {digits(playing.at)} / {digits(timeline.total)}
        </span>
        <span className="mut s13 nw">{t("call.player.clock", { clock })}</span>
        <span className="sp" role="status">
          {playing.waiting && <span className="mut s13">{t("call.player.waiting")}</span>}
        </span>
        <Segmented
          aria-label={t("call.player.speed")}
          value={playing.speed}
          options={SPEEDS.map((value) => ({ value, label: t("call.player.times", { speed: String(value) }) }))}
          onChange={(speed) => {
            player.setSpeed(speed);
          }}
        />
      </div>
    </div>
  );
}
