/** A paper of a consult to print and to file: the application, or the opinion as it was signed. */
import { Printer } from "lucide-react";
import { useTranslation } from "react-i18next";
import { consults } from "../api/resources/consults.ts";

export function Print({ id, paper }: { id: string; paper: "application" | "opinion" }) {
  const { t } = useTranslation();
  return (
    <a href={consults.paper(id, paper)} target="_blank" rel="noreferrer" className="nw">
      <Printer aria-hidden="true" /> {t(`consult.print.${paper}`)}
    </a>
  );
}
