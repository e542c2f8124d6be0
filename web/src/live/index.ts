/** The door of the live part: features read the line's state, only the shell starts the stream. */
export { startLive } from "./stream.ts";
export { useLine, watchLine, type Line } from "./status.ts";
