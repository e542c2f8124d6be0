/** An address without a page. */
import { Button } from "antd";
import { MapPinOff } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { EmptyState } from "../../ui/EmptyState.tsx";

export function MissingPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <EmptyState icon={MapPinOff} title={t("app.missing.title")} text={t("app.missing.text")}>
      <Button onClick={() => void navigate("/")}>{t("app.missing.home")}</Button>
    </EmptyState>
  );
}
