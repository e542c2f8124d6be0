/** What every piece of the room draws from: the call as it is now, the room inside it, and the hand on it. */
import { createContext, use, useSyncExternalStore } from "react";
import type { ConsultDetail } from "../../api/types.ts";
import { seatOf, type Room, type Seat } from "../../room/core/index.ts";
import type { Call, StaffSession } from "../../room/link/index.ts";

export interface InRoom {
  readonly session: StaffSession;
  readonly call: Call;
  readonly room: Room;
  readonly me: Seat | null;
  /** Null for whoever only looks on: she is told nothing of the patient. */
  readonly consult: ConsultDetail | null;
  /** The hospital's number, as the waiting room named it. */
  readonly phone: string;
}

export const RoomContext = createContext<InRoom | null>(null);

export function useRoom(): InRoom {
  const found = use(RoomContext);
  if (found === null) throw new Error("No room above this component");
  return found;
}

/** Of those who take part, whose screens alone ask for it. */
export function useConsult(): ConsultDetail {
  const { consult } = useRoom();
  if (consult === null) throw new Error("Nobody who looks on gets here");
  return consult;
}

export function useCall(session: StaffSession): Call {
  return useSyncExternalStore(session.subscribe, session.now);
}

export function meIn(room: Room): Seat | null {
  return seatOf(room, room.me);
}
