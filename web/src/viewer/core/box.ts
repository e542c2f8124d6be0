/** Where a picture lies on its pane: fitted, zoomed, moved. All in CSS pixels. */

export interface Size {
  readonly width: number;
  readonly height: number;
}
export interface Placing {
  readonly zoom: number;
  readonly dx: number;
  readonly dy: number;
}
export interface Box extends Size {
  readonly left: number;
  readonly top: number;
}

export const CENTRED: Placing = { zoom: 1, dx: 0, dy: 0 };
const LEAST_ZOOM = 0.2;
const MOST_ZOOM = 20;

/** The picture's box: whole and as large as fits at zoom 1. */
export function boxOf(picture: Size, pane: Size, { zoom, dx, dy }: Placing): Box {
  if (picture.width <= 0 || picture.height <= 0) return { left: 0, top: 0, width: 0, height: 0 };
  const scale = Math.min(pane.width / picture.width, pane.height / picture.height) * zoom;
  const [width, height] = [picture.width * scale, picture.height * scale];
  return { width, height, left: (pane.width - width) / 2 + dx, top: (pane.height - height) / 2 + dy };
}

export function zoomed(placing: Placing, factor: number): Placing {
  return { ...placing, zoom: Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, placing.zoom * factor)) };
}

export function moved(placing: Placing, dx: number, dy: number): Placing {
  return { ...placing, dx: placing.dx + dx, dy: placing.dy + dy };
}
