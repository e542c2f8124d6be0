/** The studies that came with the application, named by what they are and when they were made. */
import { useQueries } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { civil } from "../../api/clock.ts";
import { studies } from "../../api/resources/studies.ts";
import type { StudyDetail } from "../../api/types.ts";
import type { Material } from "./looking.ts";

const ECG = "ECG";

function isEcg({ series }: StudyDetail): boolean {
  return series.length > 0 && series.every(({ modality }) => modality === ECG);
}

export function useMaterials(uids: readonly string[]): readonly Material[] {
  const { t } = useTranslation();
  const found = useQueries({ queries: uids.map((uid) => studies.detail(uid)) });
  return found.flatMap(({ data }): readonly Material[] => {
    if (data === undefined) return [];
    const time = data.study_at === null ? "" : ` ${civil(data.study_at).time}`;
    if (isEcg(data)) return [{ kind: "ecg", uid: data.uid, label: `${t("room.stage.ecg")}${time}` }];
    const modality = [...new Set(data.series.map((one) => one.modality))].join("/");
    return [{ kind: "study", uid: data.uid, label: `${modality || t("room.stage.study")}${time}` }];
  });
}
