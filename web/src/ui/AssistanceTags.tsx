/** Assistance categories in words; the hub sends them to care roles only, and what it does not send is not shown. */
import { ShieldCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { PatientSummary } from "../api/types.ts";
import { record } from "../i18n/zh-CN/record.ts";
import { Tag } from "./Tag.tsx";

type Category = keyof typeof record.assistance;

function isKnown(category: string): category is Category {
  return category in record.assistance;
}

export function AssistanceTags({ patient }: { patient: Pick<PatientSummary, "assistance"> | null }) {
  const { t } = useTranslation();
  return (patient?.assistance ?? []).map((category) => (
    <Tag key={category} tone="line" icon={ShieldCheck}>
      {isKnown(category) ? t(`record.assistance.${category}`) : category}
    </Tag>
  ));
}
