/** The door of the room's core. */
export type {
  Answer,
  Connection,
  EndReason,
  IceServer,
  Leg,
  Lobby,
  Message,
  Notice,
  Offer,
  Recording,
  Request,
  Room,
  Seat,
  SeatQuality,
  SharedView,
  Source,
  Stats,
  Told,
  Wanted,
} from "./frames.ts";
export { begun, looked, type Advice, type Watch } from "./silence.ts";
export { after, NOTHING, roomOf, seatOf, trackKey, type Picture, type Pointer, type Stage } from "./state.ts";
export { lineWordOf, observersOf, sharerOf, tilesOf, waitingOf, wantedOf, type LineWord } from "./tiles.ts";
