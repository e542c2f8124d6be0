/** The door of the Kanban board of tickets. */
export { KanbanPage } from "./KanbanPage.tsx";
