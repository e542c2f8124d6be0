/** What the objects say beside who it may be, field by field. Pure; the hub decides, a person reads. */
import type { PatientCard, Study } from "../../api/types.ts";

export type Verdict = "same" | "differs" | "silent";
export type FieldName = "name" | "birth" | "sex" | "id";

export interface IdentityField {
  readonly field: FieldName;
  readonly said: string;
  readonly known: string;
  readonly verdict: Verdict;
}

function folded(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\s^=·•.,'’-]/g, "");
}

/** `19710101` and `1971-01-01` are one day. */
export function dayOf(raw: string | null): string {
  const digits = (raw ?? "").replace(/\D/g, "");
  return digits.length === 8 ? `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}` : "";
}

function verdict(said: string, known: string): Verdict {
  if (said === "" || known === "") return "silent";
  return said === known ? "same" : "differs";
}

type Said = Study["dicom_patient"];

/** A stranger's name comes with stars: what is seen of it must fit. */
function fits(said: string, masked: string): boolean {
  const [letters, seen] = [Array.from(said), Array.from(masked)];
  return letters.length === seen.length && seen.every((letter, at) => letter === "*" || letter === letters[at]);
}

function nameVerdict(said: string, { name, pinyin }: PatientCard): Verdict {
  if (said === "") return "silent";
  const groups = said.split("=").map(folded);
  if (name.includes("*")) return groups.some((group) => fits(group, folded(name))) ? "same" : "differs";
  return groups.includes(folded(name)) || groups.includes(folded(pinyin)) ? "same" : "differs";
}

/** Both numbers are masked by the hub: their ends are compared. */
function idVerdict(said: string, known: string): Verdict {
  if (said.length !== known.length) return "silent";
  return verdict(said, known);
}

function sexOf(sex: string): string {
  return sex === "unknown" ? "" : sex;
}

export function identityOf(said: Said, known: PatientCard): readonly IdentityField[] {
  const born = dayOf(said.birth_date);
  const id = said.id ?? "";
  return [
    { field: "name", said: said.name, known: known.name, verdict: nameVerdict(said.name, known) },
    { field: "birth", said: born, known: known.birth_date ?? "", verdict: verdict(born, known.birth_date ?? "") },
    { field: "sex", said: said.sex, known: known.sex, verdict: verdict(sexOf(said.sex), sexOf(known.sex)) },
    { field: "id", said: id, known: known.masked_id, verdict: idVerdict(id, known.masked_id) },
  ];
}
