/** The ECG true to size, with everybody's pointers on the paper. */
import { useEffect, useRef, type PointerEvent } from "react";
import { useTranslation } from "react-i18next";
import type { Pointer } from "../../room/core/index.ts";
import { EcgPanel, useEcg } from "../../ecg/view/index.ts";
import { ModuleBoundary } from "../../ui/ModuleBoundary.tsx";
import { ProblemCard } from "../../ui/ProblemNote.tsx";
import { SkeletonPage } from "../../ui/Skeletons.tsx";
import type { PointerShown } from "../../viewer/view/index.ts";
import { useConsult, useRoom } from "./context.ts";
import type { Looking } from "./looking.ts";
import { usePointers } from "./usePointers.ts";

function Sheet({ uid }: { uid: string }) {
  const { t } = useTranslation();
  const consult = useConsult();
  const ecg = useEcg(uid);
  switch (ecg.at) {
    case "loading":
      return <SkeletonPage />;
    case "failed":
      return <ProblemCard failure={ecg.failure} safe={t("ecg.unreadable.safe")} onRetry={ecg.retry} />;
    case "unreadable":
      return <p role="alert">{t(`ecg.unreadable.${ecg.why}`)}</p>;
    case "ready":
      return <EcgPanel head={ecg.head} recording={ecg.recording} title={consult.patient?.name ?? ""} />;
  }
}

/** A dot that keeps its place on the paper, however the paper is scrolled and whatever its size here. */
function Dot({ pointer }: { pointer: PointerShown }) {
  const dot = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const element = dot.current;
    const stage = element?.offsetParent;
    const paper = stage?.querySelector("canvas")?.getBoundingClientRect();
    if (!element || !stage || paper === undefined) return;
    const frame = stage.getBoundingClientRect();
    element.style.left = `${String(paper.left - frame.left + pointer.x * paper.width)}px`;
    element.style.top = `${String(paper.top - frame.top + pointer.y * paper.height)}px`;
  });
  return (
    <span ref={dot} className="viewer-pointer" aria-hidden="true">
      <b>{pointer.name}</b>
    </span>
  );
}

/** Where on the paper the hand is; null beside it. */
function onPaper({ clientX, clientY }: PointerEvent<HTMLDivElement>, paper: DOMRect): Pointer | null {
  const [x, y] = [(clientX - paper.left) / paper.width, (clientY - paper.top) / paper.height];
  return Math.min(x, y) < 0 || Math.max(x, y) > 1 ? null : { x, y };
}

export function EcgStage({ uid, looking, pointing }: { uid: string; looking: Looking; pointing: boolean }) {
  const { t } = useTranslation();
  const { session } = useRoom();
  const pointers = usePointers();
  const point = (event: PointerEvent<HTMLDivElement>) => {
    const paper = event.currentTarget.querySelector("canvas")?.getBoundingClientRect();
    if (paper !== undefined) session.point(onPaper(event, paper));
  };
  return (
    <ModuleBoundary name={t("ecg.title")}>
      <div className="cr-ecg" {...(pointing && looking.together ? { onPointerMove: point } : {})}>
        <Sheet uid={uid} />
        {looking.together && pointers.map((pointer) => <Dot key={pointer.key} pointer={pointer} />)}
      </div>
    </ModuleBoundary>
  );
}
