/** Everybody's pointers with their names, and mine sent while I point. */
import { seatOf } from "../../room/core/index.ts";
import type { PointerShown } from "../../viewer/view/index.ts";
import { useRoom } from "./context.ts";

export function usePointers(): readonly PointerShown[] {
  const { call, room } = useRoom();
  return Object.entries(call.pointers).map(([seat, at]) => ({
    key: seat,
    name: seatOf(room, seat)?.name ?? "",
    ...at,
  }));
}
