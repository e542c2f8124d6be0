/** The large place of a class: what all look at, a shared screen, or whoever speaks. */
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { sharerOf, type Seat } from "../../../room/core/index.ts";
import { ModuleBoundary } from "../../../ui/ModuleBoundary.tsx";
import { useRoom } from "../context.ts";
import { shownOf } from "../looking.ts";
import { Screen } from "../Stage.tsx";
import { Tile } from "../Tile.tsx";
import { Picture } from "./Picture.tsx";

const Ecg = lazy(async () => ({ default: (await import("./Ecg.tsx")).Ecg }));

/** Whether something is looked at, so that whoever speaks stands beside it. */
export function useIsShown(): boolean {
  const { call, room } = useRoom();
  return call.view !== null || sharerOf(room) !== null;
}

function Looked() {
  const { t } = useTranslation();
  const { call } = useRoom();
  const { view } = call;
  if (view === null) return <Screen />;
  if (view.kind === "ecg" && view.study_uid !== undefined) return <Ecg uid={view.study_uid} />;
  const shown = shownOf(view);
  return shown === null ? <p className="cr-quiet">{t("room.stage.opening")}</p> : <Picture shown={shown} />;
}

export function ClassStage({ speaker }: { speaker: Seat | null }) {
  const { t } = useTranslation();
  const shown = useIsShown();
  return (
    <section className="cr-stage" aria-label={t("room.stage.materials")}>
      <div className="cr-stage-body">
        <ModuleBoundary name={t("room.stage.materials")}>
          <Suspense fallback={<p className="cr-quiet">{t("room.stage.opening")}</p>}>
            {shown ? <Looked /> : <Speaker seat={speaker} />}
          </Suspense>
        </ModuleBoundary>
      </div>
    </section>
  );
}

function Speaker({ seat }: { seat: Seat | null }) {
  const { t } = useTranslation();
  if (seat === null) return <p className="cr-quiet">{t("room.class.nobody")}</p>;
  return (
    <div className="cr-grid cr-grid-1">
      <Tile seat={seat} large />
    </div>
  );
}
