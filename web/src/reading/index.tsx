/** The door of `reading/`: its pages, and nothing else of it is visible from outside. */
export { EcgPage } from "./room/EcgPage.tsx";
export { ReadPage } from "./room/ReadPage.tsx";
export { WorklistPage } from "./worklist/WorklistPage.tsx";
