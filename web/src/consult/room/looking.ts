/** What the stage shows: what all look at together, or what I chose for myself. Pure. */
import { sharerOf, type Room, type SharedView } from "../../room/core/index.ts";
import type { Shown } from "../../viewer/view/index.ts";

export interface Material {
  readonly kind: "study" | "ecg";
  readonly uid: string;
  readonly label: string;
}

export type Look =
  { readonly at: "people" } | { readonly at: "screen" } | { readonly at: "material"; readonly uid: string };

export interface Looking {
  readonly look: Look;
  /** All look at one thing, and I with them. */
  readonly together: boolean;
  readonly leading: boolean;
}

interface Known {
  readonly room: Room;
  readonly view: SharedView | null;
  readonly viewBy: string | null;
  readonly materials: readonly Material[];
  /** My own choice; null goes with the others. */
  readonly chosen: Look | null;
}

export function lookingAt({ room, view, viewBy, materials, chosen }: Known): Looking {
  const leading = view !== null && viewBy === room.me;
  if (chosen !== null && (chosen.at !== "screen" || sharerOf(room) !== null))
    return { look: chosen, together: false, leading };
  if (view?.study_uid !== undefined) return { look: { at: "material", uid: view.study_uid }, together: true, leading };
  return { look: usual(room, materials), together: false, leading: false };
}

/** Nobody shows anything: a shared screen, else the first study beside the people, else the people. */
function usual(room: Room, materials: readonly Material[]): Look {
  if (sharerOf(room) !== null) return { at: "screen" };
  const [first] = materials;
  return first === undefined ? { at: "people" } : { at: "material", uid: first.uid };
}

export function viewOf(shown: Shown): Omit<SharedView, "seq"> {
  const { study, series, instance, frame, window, zoom, pan, invert } = shown;
  return {
    kind: "study",
    study_uid: study,
    series_uid: series,
    instance_uid: instance,
    frame,
    window,
    zoom,
    pan,
    invert,
  };
}

const AS_OPENED = { frame: 1, window: null, invert: false, zoom: 1, pan: { x: 0, y: 0 } } as const;

/** Null while only the study is named, not yet a slice. */
export function shownOf(view: SharedView | null): Shown | null {
  if (view?.kind !== "study") return null;
  const { study_uid: study, series_uid: series, instance_uid: instance } = view;
  if (study === undefined || series === undefined || instance === undefined) return null;
  const { frame, window, zoom, pan, invert } = { ...AS_OPENED, ...view };
  return { study, series, instance, frame, window, zoom, pan: pan ?? AS_OPENED.pan, invert };
}
