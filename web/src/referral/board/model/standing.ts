/** How a bed stands at an instant: a hold or a block that has run out counts no longer, before the hub says so. Pure. */
import { instant, type Instant } from "../../../api/clock.ts";
import type { Bed, BedState } from "../../../api/types.ts";

/** When a bed changes by the clock alone; null where it does not. */
function endOf(bed: Bed): Instant | null {
  const end = bed.state === "held" ? bed.hold?.expires_at : bed.state === "blocked" ? bed.blocked_until : null;
  return end == null ? null : instant(end);
}

/** The bed at that instant; the same object where nothing ran out, so that its tile is not drawn again. */
export function standing(bed: Bed, at: Instant): Bed {
  const end = endOf(bed);
  if (end === null || end > at) return bed;
  const state: BedState = bed.to_clean_since === null ? "available" : "to-clean";
  return { ...bed, state, hold: null, blocked_reason: "", blocked_until: null };
}

/** The next instant at which some bed changes by the clock alone. */
export function nextEnd(beds: readonly Bed[], at: Instant): Instant | null {
  const ends = beds.flatMap((bed) => endOf(bed) ?? []).filter((end) => end > at);
  return ends.length === 0 ? null : Math.min(...ends);
}
