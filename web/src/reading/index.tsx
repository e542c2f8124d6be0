/** The door of `reading/`: its pages, and nothing else of it is visible from outside. */
export { SoonPage as WorklistPage } from "../ui/SoonPage.tsx";
export { SoonPage as ReadPage } from "../ui/SoonPage.tsx";
export { SoonPage as EcgPage } from "../ui/SoonPage.tsx";
