/** The door of the Kanban board of tickets. */
export { SoonPage as KanbanPage } from "../../ui/SoonPage.tsx";
