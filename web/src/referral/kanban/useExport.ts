/** A column as a file that a spreadsheet opens. */
import { useTranslation } from "react-i18next";
import { civil, now } from "../../api/clock.ts";
import type { Referral } from "../../api/types.ts";
import { csvOf } from "../model/csv.ts";
import { useTicketWords } from "../useTicketWords.ts";

const HEADS = [
  "number",
  "level",
  "name",
  "sex",
  "age",
  "from",
  "to",
  "diagnosis",
  "state",
  "due",
  "since",
  "place",
] as const;

const when = (iso: string | null) => (iso === null ? "" : `${civil(iso).date} ${civil(iso).time}`);

function save(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

export function useExport(): (name: string, tickets: readonly Referral[]) => void {
  const { t } = useTranslation();
  const words = useTicketWords();
  const person = ({ patient }: Referral) =>
    patient === null ? ["", "", ""] : [patient.name, t(`ui.sex.${patient.sex}`), String(patient.age ?? "")];
  const rowOf = (ticket: Referral): readonly string[] => [
    ticket.number,
    String(ticket.triage_level),
    ...person(ticket),
    ticket.from.name,
    ticket.department,
    ticket.diagnosis.name,
    words.state(ticket.state),
    when(ticket.deadline_at),
    when(ticket.waiting_since),
    ticket.place === null ? "" : words.place(ticket.place),
  ];
  return (name, tickets) => {
    const heads = HEADS.map((head) => t(`referral.csv.${head}`));
    save(`${name} ${civil(now()).date}.csv`, csvOf([heads, ...tickets.map(rowOf)]));
  };
}
