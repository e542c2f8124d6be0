/** A recording that is open, with what plays it. */
import { instant, type Instant } from "../../api/clock.ts";
import type { Recording } from "../../api/types.ts";
import type { Player } from "./player.ts";

export interface Shown {
  readonly recording: Recording;
  readonly player: Player;
}

/** The instant at which the player's clock stands at nought. */
export function beginning({ recording, player }: Shown): Instant {
  return instant(recording.clock_at) + player.timeline.zero;
}
