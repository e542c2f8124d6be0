/** The door of the bed board and its wall. */
export { BedsPage } from "./BedsPage.tsx";
export { BedWallPage } from "./wall/BedWallPage.tsx";
