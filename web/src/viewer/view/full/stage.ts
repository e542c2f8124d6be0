/** Cornerstone behind one small door: the stored 16 bits of a stack on a canvas. Loaded when it is needed. */
import {
  Enums,
  eventTarget,
  imageLoader,
  init as initCore,
  RenderingEngine,
  utilities,
  type StackViewport,
  type Types,
} from "@cornerstonejs/core";
import { init as initLoader, wadors } from "@cornerstonejs/dicom-image-loader";
import {
  attributesOf,
  frameAddress,
  type Box,
  type DicomJson,
  type Pane,
  type Slice,
  type Window,
} from "../../core/index.ts";

export interface Shown {
  readonly index: number;
  readonly window: Window | null;
  readonly box: Box;
}

export interface Listener {
  readonly onShown: (shown: Shown) => void;
  /** Percent of the present slice. */
  readonly onProgress: (percent: number) => void;
  readonly onFailed: () => void;
}

/** A phone or an old computer decodes two at a time without freezing. */
const WORKERS = 2;
/** Slices decoded ahead of the reader. */
const AHEAD = [1, -1, 2, 3];

/** The same JSON, in Cornerstone's own words for it. */
type CornerstoneMetadata = Parameters<typeof wadors.metaDataManager.add>[1];
/** A slice of which nothing at all arrives for so long is given up; the still stays. */
const PATIENCE_MS = 25_000;
const PROGRESS = "cornerstoneimageloadprogress";

let engine: RenderingEngine | null = null;
let opened = 0;

/** One engine for all panes; made when the first opens. */
function engineOf(): RenderingEngine {
  if (engine !== null) return engine;
  initCore();
  initLoader({ maxWebWorkers: WORKERS });
  engine = new RenderingEngine("lutong");
  return engine;
}

const imageIdOf = (slice: Slice) => `wadors:${globalThis.location.origin}${frameAddress(slice)}`;

/** Cornerstone says null, whatever its types say, while a stack changes beneath it. */
function windowOf(range: Types.VOIRange | null | undefined): Window | null {
  if (!range) return null;
  const { windowCenter, windowWidth } = utilities.windowLevel.toWindowLevel(range.lower, range.upper);
  return { center: windowCenter, width: windowWidth };
}

/** Where the picture lies on the canvas, in CSS pixels: from its first pixel's outer corner to its last one's. */
function boxOn(viewport: StackViewport): Box {
  const { dimensions, spacing, origin, direction } = viewport.getImageData();
  const [columns, rows] = dimensions;
  const world = (i: number, j: number): Types.Point3 =>
    [0, 1, 2].map(
      (axis) =>
        (origin[axis] ?? 0) + (direction[axis] ?? 0) * i * spacing[0] + (direction[axis + 3] ?? 0) * j * spacing[1],
    ) as Types.Point3;
  const [left, top] = viewport.worldToCanvas(world(-0.5, -0.5));
  const [right, bottom] = viewport.worldToCanvas(world(columns - 0.5, rows - 0.5));
  return { left, top, width: right - left, height: bottom - top };
}

/** What tests and the curious read off the canvas. */
function describe(canvas: HTMLCanvasElement, { index, window, box }: Shown): void {
  Object.assign(canvas.dataset, {
    sharpness: "full",
    slice: String(index + 1),
    center: String(window?.center ?? ""),
    width: String(window?.width ?? ""),
    box: [box.left, box.top, box.width, box.height].map((side) => side.toFixed(3)).join(","),
  });
}

function fetchAhead(imageIds: readonly string[], index: number): void {
  for (const by of AHEAD) {
    const imageId = imageIds[index + by];
    // A slice that fails here is asked again, and reported, when it is looked at.
    if (imageId !== undefined) imageLoader.loadAndCacheImage(imageId).catch(() => undefined);
  }
}

export class Stage {
  private imageIds: readonly string[] = [];
  private pane: Pane | null = null;
  /** The stack's first picture is there; before, Cornerstone takes no orders. */
  private ready = false;
  /** MONOCHROME1: low values are white, so "inverted" is the other way round. */
  private storedInverted = false;
  private patience: ReturnType<typeof setTimeout> | undefined;
  private readonly element: HTMLDivElement;
  private readonly viewport: StackViewport;
  private readonly listener: Listener;

  constructor(element: HTMLDivElement, listener: Listener) {
    opened += 1;
    const viewportId = `pane-${String(opened)}`;
    const defaultOptions = { background: [0, 0, 0] as Types.Point3 };
    const running = engineOf();
    running.enableElement({ viewportId, element, type: Enums.ViewportType.STACK, defaultOptions });
    this.element = element;
    this.listener = listener;
    this.viewport = running.getViewport<StackViewport>(viewportId);
    element.addEventListener(Enums.Events.IMAGE_RENDERED, this.onRendered);
    eventTarget.addEventListener(PROGRESS, this.onProgress);
    eventTarget.addEventListener(Enums.Events.IMAGE_LOAD_ERROR, this.onError);
  }

  /** Shows a stack from this pane's slice on. */
  load(slices: readonly Slice[], metadata: ReadonlyMap<string, DicomJson>, pane: Pane): void {
    this.imageIds = slices.map(imageIdOf);
    this.pane = pane;
    this.ready = false;
    slices.forEach((slice, at) => {
      const json = metadata.get(slice.instance);
      const imageId = this.imageIds[at];
      if (json === undefined || imageId === undefined) return;
      wadors.metaDataManager.add(imageId, json as unknown as CornerstoneMetadata);
      this.storedInverted = attributesOf(json).inverted;
    });
    this.afterwards(this.viewport.setStack([...this.imageIds], pane.index));
  }

  /** Follows what the reader did. */
  look(pane: Pane): void {
    const before = this.pane;
    this.pane = pane;
    if (before === null || !this.ready) return;
    if (before.index === pane.index) this.apply();
    else this.afterwards(this.viewport.setImageIdIndex(pane.index));
  }

  resize(): void {
    engineOf().resize(true, false);
    this.apply();
  }

  close(): void {
    this.element.removeEventListener(Enums.Events.IMAGE_RENDERED, this.onRendered);
    eventTarget.removeEventListener(PROGRESS, this.onProgress);
    eventTarget.removeEventListener(Enums.Events.IMAGE_LOAD_ERROR, this.onError);
    clearTimeout(this.patience);
    engineOf().disableElement(this.viewport.id);
  }

  private afterwards(shown: Promise<unknown>): void {
    const asked = this.imageIds;
    this.wait();
    shown
      .then(() => {
        if (asked !== this.imageIds || this.pane === null) return;
        const catchUp = !this.ready && this.viewport.getCurrentImageIdIndex() !== this.pane.index;
        this.ready = true;
        if (catchUp) this.afterwards(this.viewport.setImageIdIndex(this.pane.index));
        this.apply();
        fetchAhead(asked, this.pane.index);
      })
      .catch(this.listener.onFailed);
  }

  private apply(): void {
    if (this.pane === null || !this.ready) return;
    const { window, invert, placing } = this.pane;
    this.viewport.resetProperties();
    if (window !== null) {
      const voiRange = utilities.windowLevel.toLowHighRange(window.width, window.center);
      this.viewport.setProperties({ voiRange });
    }
    if (invert) this.viewport.setProperties({ invert: !this.storedInverted });
    this.viewport.resetCamera();
    this.viewport.setZoom(placing.zoom);
    this.viewport.setPan([placing.dx, placing.dy]);
    this.viewport.render();
  }

  private wait(): void {
    clearTimeout(this.patience);
    this.patience = setTimeout(this.listener.onFailed, PATIENCE_MS);
  }

  private readonly onError = (event: Event) => {
    const { imageId } = (event as CustomEvent<{ imageId?: string }>).detail;
    if (imageId !== undefined && imageId === this.imageIds[this.pane?.index ?? 0]) this.listener.onFailed();
  };

  private readonly onRendered = () => {
    const index = this.imageIds.indexOf(this.viewport.getCurrentImageId());
    if (index < 0) return;
    if (index === this.pane?.index) clearTimeout(this.patience);
    // Drawn while the stack changes beneath it: there is no picture to speak of yet.
    if (!(this.viewport.getImageData() as object | undefined)) return;
    const shown = { index, window: windowOf(this.viewport.getProperties().voiRange), box: boxOn(this.viewport) };
    describe(this.viewport.getCanvas(), shown);
    this.listener.onShown(shown);
  };

  private readonly onProgress = (event: Event) => {
    const { imageId, percentComplete } = (event as CustomEvent<{ imageId: string; percentComplete?: number }>).detail;
    if (imageId !== this.imageIds[this.pane?.index ?? 0] || percentComplete === undefined) return;
    this.wait();
    this.listener.onProgress(percentComplete);
  };
}
