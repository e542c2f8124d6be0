/** The door of referring: a part of its own, for a phone on a poor line. */
export { ReferPage } from "./ReferPage.tsx";
