/** The door of the viewer's core. */
export { documentAddress, frameAddress, renderedAddress, thumbnailAddress } from "./addresses.ts";
export { boxOf, CENTRED, moved, zoomed, type Placing, type Size } from "./box.ts";
export { nextToFetch } from "./prefetch.ts";
export { alongside, slicesOf, stepped, type Picture, type Slice } from "./stack.ts";
export { dragged, presetsFor, type PresetName, type Window } from "./window.ts";
