/** A study before all: whoever leads is followed slice by slice, by data, each with her own rights and pixels. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { SharedView } from "../../room/core/index.ts";
import { ModuleBoundary } from "../../ui/ModuleBoundary.tsx";
import { TogetherContext, Viewer, type Together } from "../../viewer/view/index.ts";
import { useConsult, useRoom } from "./context.ts";
import { shownOf, viewOf, type Looking } from "./looking.ts";
import { usePointers } from "./usePointers.ts";

interface Props {
  readonly uid: string;
  readonly looking: Looking;
  readonly pointing: boolean;
  /** She moved it herself while somebody else led. */
  readonly onAlone: () => void;
}

function beginsWith({ together, leading }: Looking, view: SharedView | null): boolean {
  return together && leading && view?.instance_uid === undefined;
}

export function StudyStage({ uid, looking, pointing, onAlone }: Props) {
  const { t } = useTranslation();
  const { session, call } = useRoom();
  const consult = useConsult();
  const pointers = usePointers();
  const { view } = call;
  const { together: joined, leading } = looking;
  const follow = useMemo(() => (joined && !leading ? shownOf(view) : null), [joined, leading, view]);
  const together: Together = {
    follow,
    begins: beginsWith(looking, view),
    pointers: joined ? pointers : [],
    onMoved: (shown) => {
      if (leading) session.show(viewOf(shown));
      else if (joined) onAlone();
    },
    ...(pointing && joined
      ? {
          onPoint: (at) => {
            session.point(at);
          },
        }
      : {}),
  };
  const name = consult.patient?.name ?? "";
  return (
    <ModuleBoundary name={t("viewer.title")}>
      <TogetherContext value={together}>
        <Viewer key={uid} study={uid} corner={`${name} ${consult.number}`} />
      </TogetherContext>
    </ModuleBoundary>
  );
}
