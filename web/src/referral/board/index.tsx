/** The door of the bed board and its wall. */
export { SoonPage as BedsPage } from "../../ui/SoonPage.tsx";
export { SoonPage as BedWallPage } from "../../ui/SoonPage.tsx";
