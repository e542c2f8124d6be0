/** The full picture over the still: mounts a stage, hands it what the reader does, and says what is shown. */
import { useEffect, useRef } from "react";
import type { DicomJson, Pane, Size, Slice } from "../../core/index.ts";
import { Stage, type Shown } from "./stage.ts";

export interface FullProps {
  readonly slices: readonly Slice[];
  readonly metadata: ReadonlyMap<string, DicomJson>;
  readonly pane: Pane;
  readonly size: Size;
  readonly visible: boolean;
  readonly onShown: (shown: Shown) => void;
  readonly onProgress: (percent: number) => void;
  readonly onFailed: () => void;
}

export default function FullStack(props: FullProps) {
  const { slices, metadata, pane, size, visible } = props;
  const element = useRef<HTMLDivElement>(null);
  const stage = useRef<Stage | null>(null);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  useEffect(() => {
    if (element.current === null) return;
    try {
      stage.current = new Stage(element.current, {
        onShown: (shown) => {
          latest.current.onShown(shown);
        },
        onProgress: (percent) => {
          latest.current.onProgress(percent);
        },
        onFailed: () => {
          latest.current.onFailed();
        },
      });
    } catch {
      // No WebGL and no CPU path: the still remains, and the pane says so.
      latest.current.onFailed();
    }
    return () => {
      stage.current?.close();
      stage.current = null;
    };
  }, []);
  useEffect(() => {
    stage.current?.load(slices, metadata, latest.current.pane);
  }, [slices, metadata]);
  useEffect(() => {
    stage.current?.look(pane);
  }, [pane]);
  useEffect(() => {
    stage.current?.resize();
  }, [size]);
  return (
    <div
      ref={element}
      className="viewer-full"
      style={{ width: size.width, height: size.height, visibility: visible ? "visible" : "hidden" }}
    />
  );
}
