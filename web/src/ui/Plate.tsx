/** The solid plate: how ill somebody is, or how urgent a clinic says its order is. Nothing else is a solid plate. */
import { useTranslation } from "react-i18next";
import type { Priority } from "../api/types.ts";
import "./forms.css";

export type TriageLevel = 1 | 2 | 3 | 4;
type Size = "row" | "large" | "word";

const LEVELS: readonly TriageLevel[] = [1, 2, 3, 4];

/** A ticket's level as the plate draws it; none for what is no level. */
export function triageOf({ triage_level }: { readonly triage_level: number }): TriageLevel | null {
  return LEVELS.find((level) => level === triage_level) ?? null;
}

const NUMERALS = { 1: "Ⅰ", 2: "Ⅱ", 3: "Ⅲ", 4: "Ⅳ" } as const;
const WORDS = { 1: "one", 2: "two", 3: "three", 4: "four" } as const;
const SIZES: Record<Size, string> = { row: "", large: " plate-large", word: " plate-word" };

/** Triage Ⅰ–Ⅳ, given by a clinician; without one the plate is dashed and says so. */
export function TriagePlate({ level, size = "row" }: { level: TriageLevel | null; size?: Size }) {
  const { t } = useTranslation();
  if (level === null)
    return (
      <span className={`plate plate-none${SIZES[size]}`} role="img" aria-label={t("ui.triage.none")}>
        –
      </span>
    );
  const word = t(`ui.triage.${WORDS[level]}`);
  const numeral = NUMERALS[level];
  return (
    <span
      className={`plate plate-${String(level)}${SIZES[size]}`}
      role="img"
      aria-label={t("ui.triage.label", { numeral, word })}
    >
      {numeral}
      {size === "word" && <span>{word}</span>}
    </span>
  );
}

// An emergency order is as urgent as level Ⅱ; Ⅰ is a clinician's word about a person and never comes from an order.
const PRIORITY_LEVEL = { emergency: 2, urgent: 3, routine: 4 } as const satisfies Record<Priority, TriageLevel>;

/** The urgency that the clinic wrote on a reading order: 急, 加, 常. It is no triage level and carries no numeral. */
export function PriorityPlate({ priority, size = "row" }: { priority: Priority; size?: Size }) {
  const { t } = useTranslation();
  const word = t(`ui.priority.${priority}`);
  return (
    <span className={`plate plate-${String(PRIORITY_LEVEL[priority])}${SIZES[size]}`} role="img" aria-label={word}>
      {size === "word" ? word : t(`ui.priorityMark.${priority}`)}
    </span>
  );
}
