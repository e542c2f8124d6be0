/** The door of referring: the township's way up. */
export { SoonPage as ReferPage } from "../../ui/SoonPage.tsx";
