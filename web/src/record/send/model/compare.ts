/**
 * Is the patient in the images the chosen one? Field by field, before anything is sent. Empty fields say nothing; a name
 * in Latin letters alone may be another reading of the same characters, so it is a doubt for a person, never a refusal.
 */
import type { PatientCard } from "../../../api/types.ts";
import { readId } from "../../patients/residentId.ts";
import type { Header } from "./header.ts";

export type FieldName = "name" | "birth" | "sex" | "id";
export type Verdict = "same" | "doubt" | "differs" | "silent";

export interface ComparedField {
  readonly field: FieldName;
  readonly images: string;
  readonly chosen: string;
  readonly verdict: Verdict;
}

export interface Comparison {
  readonly fields: readonly ComparedField[];
  readonly verdict: Exclude<Verdict, "silent">;
}

type Chosen = Pick<PatientCard, "name" | "pinyin" | "sex" | "birth_date" | "masked_id">;

function folded(name: string): string {
  return name
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\s^=·•.,'’-]/g, "");
}

const HAN = /\p{Script=Han}/u;

/** The groups of a PN: Latin, ideographic, phonetic (PS3.5 §6.2.1). */
function compareName(said: string, { name, pinyin }: Chosen): Verdict {
  const groups = said.split("=").map(folded).filter(Boolean);
  if (groups.length === 0) return "silent";
  if (groups.some((group) => HAN.test(group))) return groups.includes(folded(name)) ? "same" : "differs";
  return groups.includes(folded(pinyin)) ? "same" : "doubt";
}

function compareBirth(said: string, { birth_date }: Chosen): Verdict {
  if (said === "" || birth_date === null) return "silent";
  return said === birth_date ? "same" : "differs";
}

function compareSex(said: Header["sex"], { sex }: Chosen): Verdict {
  if (said === "unknown" || sex === "unknown") return "silent";
  return said === sex ? "same" : "differs";
}

/** Only a full resident ID speaks: a device's own number says nothing about a person. */
function compareId(said: string, { masked_id }: Chosen, today: string): Verdict {
  const read = readId(said, today);
  if (read.at !== "good" || masked_id.length !== 18) return "silent";
  const { value } = read.id;
  return value.slice(0, 4) === masked_id.slice(0, 4) && value.slice(-4) === masked_id.slice(-4) ? "same" : "differs";
}

function worst(verdicts: readonly Verdict[]): Comparison["verdict"] {
  if (verdicts.includes("differs")) return "differs";
  // Nothing that speaks for the chosen patient: a person has to say so.
  return verdicts.includes("doubt") || !verdicts.includes("same") ? "doubt" : "same";
}

/** Stars for a number that is not to be read from a screen. */
export function starred(id: string): string {
  return id.length >= 12 ? `${id.slice(0, 4)}${"*".repeat(id.length - 8)}${id.slice(-4)}` : id;
}

export function compare(header: Header, chosen: Chosen, today: string): Comparison {
  const fields: readonly ComparedField[] = [
    { field: "name", images: header.name, chosen: chosen.name, verdict: compareName(header.name, chosen) },
    {
      field: "birth",
      images: header.birthDate,
      chosen: chosen.birth_date ?? "",
      verdict: compareBirth(header.birthDate, chosen),
    },
    { field: "sex", images: header.sex, chosen: chosen.sex, verdict: compareSex(header.sex, chosen) },
    {
      field: "id",
      images: starred(header.patientId),
      chosen: chosen.masked_id,
      verdict: compareId(header.patientId, chosen, today),
    },
  ];
  return { fields, verdict: worst(fields.map(({ verdict }) => verdict)) };
}

const RANK: Readonly<Record<Comparison["verdict"], number>> = { differs: 0, doubt: 1, same: 2 };

/** Every different patient that the images name, against the chosen one: the worst of them, or null without images. */
export function compareAll(headers: readonly Header[], chosen: Chosen, today: string): Comparison | null {
  const named = new Map(
    headers.map((header) => [[header.name, header.birthDate, header.sex, header.patientId].join("\u0000"), header]),
  );
  const comparisons = [...named.values()].map((header) => compare(header, chosen, today));
  return comparisons.toSorted((a, b) => RANK[a.verdict] - RANK[b.verdict])[0] ?? null;
}
