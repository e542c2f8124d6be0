/** The ECG that all look at, true to size, without whose it is. */
import { EcgPanel, useEcg } from "../../../ecg/view/index.ts";
import { ProblemCard } from "../../../ui/ProblemNote.tsx";
import { SkeletonPage } from "../../../ui/Skeletons.tsx";
import { useTranslation } from "react-i18next";
import { useRoom } from "../context.ts";

export function Ecg({ uid }: { uid: string }) {
  const { t } = useTranslation();
  const { room } = useRoom();
  const ecg = useEcg(uid, room.consult_id);
  switch (ecg.at) {
    case "loading":
      return <SkeletonPage />;
    case "failed":
      return <ProblemCard failure={ecg.failure} safe={t("ecg.unreadable.safe")} onRetry={ecg.retry} />;
    case "unreadable":
      return <p role="alert">{t(`ecg.unreadable.${ecg.why}`)}</p>;
    case "ready":
      return <EcgPanel head={ecg.head} recording={ecg.recording} title={room.number} />;
  }
}
