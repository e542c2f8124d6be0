/** What consults and their rooms alone say: fetched with their screens, so that a worklist stands sooner. */
import { call } from "./call.ts";
import { room } from "./room.ts";

export const late = { call, room } as const;
