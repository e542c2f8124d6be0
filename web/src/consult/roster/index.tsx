/** The door of who comes when: the roster of experts, and a day's consults. Most who open a consult need neither. */
export { ExpertsPage } from "./ExpertsPage.tsx";
export { SchedulePage } from "../SchedulePage.tsx";
