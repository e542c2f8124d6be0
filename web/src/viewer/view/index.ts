/** The door of the viewer. */
export { Viewer } from "./Viewer.tsx";
