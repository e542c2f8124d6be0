/** The door of coming home: the list, and taking a patient over in the record. */
export { DownPage } from "./DownPage.tsx";
export { TakeOver } from "./TakeOver.tsx";
export { Tickets } from "./Tickets.tsx";
