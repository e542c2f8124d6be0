/** How an order is called where there is no room for more. */
import type { TFunction } from "i18next";
import type { Kind, Order, PatientCard, PatientSummary } from "../api/types.ts";

/** What was examined: the objects' own words, else the kind. */
export function titleOf(
  { title, kind, question }: { title: string; kind: Kind; question?: string | null },
  t: TFunction,
) {
  // Before any image the hub has only the question to call it by.
  return title === "" || title === (question ?? "").slice(0, title.length) ? t(`ui.kind.${kind}`) : title;
}

/** A card of the register in the shape in which orders name a patient. */
export function summaryOf(card: PatientCard, language: string): PatientSummary {
  const words = card.assistance?.filter(({ active }) => active).map(({ zh, en }) => (language === "en" ? en : zh));
  return {
    id: card.id,
    name: card.name,
    sex: card.sex,
    age: card.age,
    birth_date: card.birth_date,
    masked_id: card.masked_id,
    pinyin: card.pinyin,
    ...(words === undefined ? {} : { assistance: words }),
  };
}

/** What ends next comes first; what has no clock yet, last. */
export function byDeadline(a: Order, b: Order): number {
  return (a.due_at ?? "9").localeCompare(b.due_at ?? "9") || a.created_at.localeCompare(b.created_at);
}
