/** One pane: the still at once, the full picture over it when it is there, the words in the corners. */
import { Button } from "antd";
import { ImageOff, Loader } from "lucide-react";
import { lazy, Suspense, useEffect, type ComponentProps, type ComponentType } from "react";
import { useTranslation } from "react-i18next";
import type { Act, Box, Length, Pane, Size, Tool } from "../core/index.ts";
import type { FullProps } from "./full/FullStack.tsx";
import { Lengths } from "./Lengths.tsx";
import { RenderedStack } from "./RenderedStack.tsx";
import type { SeriesView } from "./series.ts";
import { Pointers, shareAt, useTogether, type Together } from "./together.tsx";
import { useHand, useWheel } from "./useHand.ts";
import { usePicture, type Picture, type Sharpness } from "./usePicture.ts";
import { useSize } from "../../ui/useSize.ts";

/** The chunk may not arrive over a poor line: the still remains. */
function Unavailable({ onFailed }: { onFailed: () => void }) {
  useEffect(onFailed, [onFailed]);
  return null;
}
const FullStack = lazy<ComponentType<FullProps>>(() =>
  import("./full/FullStack.tsx").catch(() => ({ default: Unavailable })),
);

export interface PaneProps {
  readonly series: SeriesView;
  readonly pane: Pane;
  readonly tool: Tool;
  readonly active: boolean;
  readonly wantFull: boolean;
  readonly onAct: (act: Act) => void;
  /** Date and what it is, at the top left; name at the top right. */
  readonly words: { readonly heading: string; readonly corner: string };
  /** The pane that others see too, where a study is looked at together. */
  readonly shared?: boolean;
}

function SharpnessWord({ sharpness, zoom }: { sharpness: Sharpness; zoom: string }) {
  const { t } = useTranslation();
  switch (sharpness.at) {
    case "full":
      return <span>{t("viewer.lossless", { zoom })}</span>;
    case "sharpening":
      return (
        <span className="viewer-sharpening">
          <Loader aria-hidden="true" />
          {sharpness.percent === null
            ? t("viewer.sharpening")
            : t("viewer.sharpeningBy", { percent: sharpness.percent })}
        </span>
      );
    case "still":
      return <span>{t("viewer.still", { zoom })}</span>;
    case "unavailable":
      return <span className="viewer-unavailable">{t("viewer.unavailable")}</span>;
  }
}

const whole = (value: number) => String(Math.round(value));

function Corners({
  series,
  pane,
  picture,
  words,
}: Pick<PaneProps, "series" | "pane" | "words"> & { picture: Picture }) {
  const { t } = useTranslation();
  const { window, attributes } = picture;
  const zoom = pane.placing.zoom.toFixed(1);
  const thickness = attributes?.thicknessMm;
  return (
    <>
      <div className="viewer-corner viewer-tl">
        <b>{words.heading}</b>
        <span>
          {series.description} {thickness != null && `${String(thickness)} mm`}
        </span>
      </div>
      <div className="viewer-corner viewer-tr">
        <span>{words.corner}</span>
        <span>{series.modality}</span>
      </div>
      <div className="viewer-corner viewer-bl">
        <span>{t("viewer.slice", { at: pane.index + 1, of: series.slices.length })}</span>
        <span>{window !== null && `W ${whole(window.width)} L ${whole(window.center)}`}</span>
      </div>
      <div className="viewer-corner viewer-br">
        <SharpnessWord sharpness={picture.sharpness} zoom={zoom} />
      </div>
    </>
  );
}

/** A slice that did not arrive has its place, its number and a way to ask again. */
function Missing({ at, onRetry }: { at: number; onRetry: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="viewer-missing" role="alert">
      <ImageOff aria-hidden="true" />
      <span>{t("viewer.missing", { at })}</span>
      <Button size="small" onClick={onRetry}>
        {t("viewer.again")}
      </Button>
    </div>
  );
}

const STEPS: Readonly<Record<string, number>> = { ArrowUp: -1, ArrowDown: 1, PageUp: -10, PageDown: 10 };

interface SurfaceProps extends Omit<ComponentProps<"div">, "onKeyDown"> {
  readonly pane: Pane;
  readonly count: number;
  readonly onAct: (act: Act) => void;
  readonly label: string;
}

/** What the hand is on: for the keyboard a slider over the slices, for the mouse whatever tool is chosen. */
function Surface({ pane, count, onAct, label, children, ...handlers }: SurfaceProps) {
  const { t } = useTranslation();
  return (
    <div
      className="viewer-surface"
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-orientation="vertical"
      aria-valuemin={1}
      aria-valuemax={Math.max(1, count)}
      aria-valuenow={pane.index + 1}
      aria-valuetext={t("viewer.slice", { at: pane.index + 1, of: count })}
      onKeyDown={(event) => {
        const by = STEPS[event.key];
        if (by === undefined) return;
        event.preventDefault();
        onAct({ do: "step", by, count });
      }}
      onContextMenu={(event) => {
        event.preventDefault();
      }}
      {...handlers}
    >
      {children}
    </div>
  );
}

type LayerProps = Pick<PaneProps, "series" | "pane" | "wantFull"> & { readonly picture: Picture; readonly size: Size };

/** The full picture over the still, as soon as there is a still, its metadata and a place. */
function FullLayer({ series, pane, wantFull, picture, size }: LayerProps) {
  const { metadata, sharpness } = picture;
  if (!wantFull || metadata === null || size.width === 0 || sharpness.at === "unavailable") return null;
  return (
    <Suspense fallback={null}>
      <FullStack
        slices={series.slices}
        metadata={metadata}
        pane={pane}
        size={size}
        visible={sharpness.at === "full"}
        onShown={picture.onShown}
        onProgress={picture.onProgress}
        onFailed={picture.onFailed}
      />
    </Suspense>
  );
}

/** Distances on this slice and the one that is being drawn. */
function Measured({ pane, picture, drawing }: { pane: Pane; picture: Picture; drawing: Length | null }) {
  const lengths = [...(pane.lengths[pane.index] ?? []), ...(drawing === null ? [] : [drawing])];
  if (picture.attributes === null || lengths.length === 0) return null;
  return <Lengths lengths={lengths} attributes={picture.attributes} box={picture.box} />;
}

/** Pointing follows the hand without a press: the tools keep their drags. */
function pointing(
  together: Together | null,
  box: Box,
): Pick<ComponentProps<"div">, "onPointerMove" | "onPointerLeave"> {
  const onPoint = together?.onPoint;
  if (onPoint === undefined) return {};
  return {
    onPointerMove: (event) => {
      onPoint(shareAt(event, event.currentTarget.getBoundingClientRect(), box));
    },
    onPointerLeave: () => {
      onPoint(null);
    },
  };
}

export function PaneView({ series, pane, tool, active, wantFull, onAct, words, shared = false }: PaneProps) {
  const [element, size] = useSize();
  const picture = usePicture(series, pane, size, wantFull);
  const { still, box, attributes, image, window } = picture;
  const count = series.slices.length;
  const hand = { tool, pane, count, box, attributes, shown: window, onAct };
  const { drawing, ...handlers } = useHand(hand);
  useWheel(element, hand);
  const together = useTogether(shared, { pane, series, box, onAct });
  const covered = picture.sharpness.at === "full";
  const label = `${words.heading} ${series.modality} ${series.description}`;
  return (
    <div className={active ? "viewer-pane viewer-pane-on" : "viewer-pane"} ref={element} {...pointing(together, box)}>
      <Surface pane={pane} count={count} onAct={onAct} label={label} {...handlers}>
        <RenderedStack pane={pane} size={size} box={box} picture={image} window={window} covered={covered} />
        <FullLayer series={series} pane={pane} wantFull={wantFull} picture={picture} size={size} />
      </Surface>
      {together !== null && <Pointers together={together} box={box} />}
      <Measured pane={pane} picture={picture} drawing={drawing} />
      {still.at === "failed" && !covered && <Missing at={pane.index + 1} onRetry={still.retry} />}
      <Corners series={series} pane={pane} picture={picture} words={words} />
    </div>
  );
}
