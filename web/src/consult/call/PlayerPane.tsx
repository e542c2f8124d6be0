/** A recording that plays: everybody side by side over one row of controls. */
import { useEffect, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { useKeys } from "../../keys/useKeys.ts";
import { Note } from "../../ui/Note.tsx";
import { Controls, STEP_MS } from "./Controls.tsx";
import { LaneTile } from "./LaneTile.tsx";
import type { Shown } from "./shown.ts";

const TICK_MS = 100;

export function PlayerPane({ shown }: { shown: Shown }) {
  const { t } = useTranslation();
  const { player } = shown;
  const playing = useSyncExternalStore(player.subscribe, player.read);
  useEffect(() => {
    const timer = setInterval(() => {
      player.tick();
    }, TICK_MS);
    return () => {
      clearInterval(timer);
      player.stop();
    };
  }, [player]);
  useKeys("player", {
    play: () => {
      player.toggle();
    },
    back: () => {
      player.step(-STEP_MS);
    },
    forward: () => {
      player.step(STEP_MS);
    },
  });
  const { lanes } = player.timeline;
  return (
    <div className="ck-player" role="group" aria-label={t("call.player.label")}>
      <div className="ck-stage" data-people={lanes.filter(({ what }) => what === "person").length}>
        {lanes.map((lane) => (
          <LaneTile key={lane.id} lane={lane} player={player} playing={playing} />
        ))}
      </div>
      <Controls shown={shown} playing={playing} />
      {playing.broken.length > 0 && <Note tone="due">{t("call.player.broken", { count: playing.broken.length })}</Note>}
    </div>
  );
}
