/** How an order is called where there is no room for more. */
import type { TFunction } from "i18next";
import { record } from "../i18n/zh-CN/record.ts";
import type { Kind, Order, PatientCard, PatientSummary } from "../api/types.ts";

interface Named {
  readonly title: string;
  readonly kind: Kind;
  readonly modalities?: readonly string[];
  readonly question?: string | null;
}

/** What was examined: our word first, then what the device called it. */
export function titleOf({ title, kind, modalities = [], question }: Named, t: TFunction): string {
  const word = [t(`ui.kind.${kind}`), ...modalities.filter((modality) => modality !== "ECG")].join(" ");
  // Before any image the hub has only the question to call it by, and the question stands elsewhere.
  const own = (question ?? "").startsWith(title) ? "" : title;
  return own === "" ? word : `${word} · ${own}`;
}

/** A patient of an order with the assistance categories in words instead of codes. */
export function inWords(patient: PatientSummary | null, t: TFunction): PatientSummary | null {
  if (patient?.assistance === undefined || patient.assistance === null) return patient;
  return {
    ...patient,
    assistance: patient.assistance.map((code) => (isAssistance(code) ? t(`record.assistance.${code}`) : code)),
  };
}

function isAssistance(code: string): code is keyof typeof record.assistance {
  return Object.hasOwn(record.assistance, code);
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
    assistance: words ?? null,
  };
}

/** What ends next comes first; what has no clock yet, last. */
export function byDeadline(a: Order, b: Order): number {
  return (a.due_at ?? "9").localeCompare(b.due_at ?? "9") || a.created_at.localeCompare(b.created_at);
}

/** A health record's number as people say it: the last eight of seventeen digits, `101-00023`. */
export function recordNumber(number: string): string {
  return number.length < 8 ? number : `${number.slice(-8, -5)}-${number.slice(-5)}`;
}
