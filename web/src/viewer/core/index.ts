/** The door of the viewer's core. */
export { documentAddress, frameAddress, renderedAddress, thumbnailAddress, type Rendering } from "./addresses.ts";
export { attributesOf, drawnSize, instanceOf, millimetresOf, type Attributes, type DicomJson } from "./attributes.ts";
export { boxOf, type Box, type Size } from "./box.ts";
export { act, openPane, TOOLS, type Act, type Length, type Pane, type Tool } from "./pane.ts";
export { nextToFetch } from "./prefetch.ts";
export { indexOf, placingOf, shownOf, type Shown } from "./shared.ts";
export { alongside, slicesOf, type Picture, type Slice } from "./stack.ts";
export { presetsFor, type Window } from "./window.ts";
