/** The door of the room: fetched only when somebody enters one. */
export { ClassPage } from "./class/ClassPage.tsx";
export { RoomPage } from "./RoomPage.tsx";
