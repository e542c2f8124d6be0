/** How ill, and on which pathway: two touches of a clinician. */
import { Baby, Bandage, Brain, HeartPulse, type LucideIcon } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Pathway } from "../../api/types.ts";
import { Choices } from "../../ui/Choices.tsx";
import { TriagePlate } from "../../ui/Plate.tsx";
import { PATHWAY_NAMES } from "./model/pathway.ts";
import { withPathway } from "./model/written.ts";
import type { Writing } from "./Ride.tsx";

const ICONS: Readonly<Record<Pathway, LucideIcon>> = {
  "chest-pain": HeartPulse,
  stroke: Brain,
  trauma: Bandage,
  obstetric: Baby,
};
const LEVELS = ["1", "2", "3", "4"] as const;

/** How ill, as a clinician says: nothing is preset. */
export function LevelChoice({ it, set }: Writing) {
  const { t } = useTranslation();
  const words = { 1: "one", 2: "two", 3: "three", 4: "four" } as const;
  return (
    <Choices
      label={t("refer.level")}
      quiet
      look="four"
      options={LEVELS.map((value) => {
        const level = Number(value) as 1 | 2 | 3 | 4;
        return {
          value,
          label: (
            <>
              <TriagePlate level={level} /> {t(`ui.triage.${words[level]}`)}
            </>
          ),
        };
      })}
      chosen={it.level === null ? [] : [String(it.level) as (typeof LEVELS)[number]]}
      onChange={([value]) => {
        set({ level: Number(value) as 1 | 2 | 3 | 4 });
      }}
    />
  );
}

export function PathwayChoice({ it, set }: Writing) {
  const { t } = useTranslation();
  return (
    <Choices
      label={t("refer.pathway")}
      quiet
      options={PATHWAY_NAMES.map((value) => ({ value, label: t(`referral.pathway.${value}`), icon: ICONS[value] }))}
      chosen={it.pathway === null ? [] : [it.pathway]}
      onChange={([pathway]) => {
        if (pathway !== undefined) set(withPathway(it, pathway, t(`refer.suspected.${pathway}`)));
      }}
    />
  );
}
