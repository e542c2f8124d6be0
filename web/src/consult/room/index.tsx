/** The door of the room: fetched only when somebody enters one. */
export { RoomPage } from "./RoomPage.tsx";
