/** Stands where a page is still being built. */
import { Construction } from "lucide-react";
import { useTranslation } from "react-i18next";
import { EmptyState } from "./EmptyState.tsx";

export function SoonPage() {
  const { t } = useTranslation();
  return <EmptyState icon={Construction} title={t("app.soon.title")} text={t("app.soon.text")} />;
}
