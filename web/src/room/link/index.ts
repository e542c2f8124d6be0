/** The door of the room's line: used by the staff's screens and by the patient's page. */
export type { Call, Media } from "./call.ts";
export { browserOf, canShareScreen, obtain, type Chosen, type Got, type Why } from "./devices.ts";
export { forgetInside, keepInside, wasInside, type Inside } from "./inside.ts";
export { meter, playTune } from "./meter.ts";
export { Patience } from "./patience.ts";
export { reachHub, type Reached } from "./probe.ts";
export { signalAddress } from "./address.ts";
export { RoomSession } from "./session.ts";
export { StaffSession } from "./staff.ts";
export { Refused } from "./socket.ts";
export { tryWay, type Way } from "./way.ts";
