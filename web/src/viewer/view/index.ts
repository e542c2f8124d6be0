/** The door of the viewer. */
export { Viewer } from "./Viewer.tsx";
export { TogetherContext, type PointerShown, type Together } from "./together.tsx";
export type { Shown } from "../core/index.ts";
