/** 中文 / English, each in its own language. */
import { useTranslation } from "react-i18next";
import { speak, type Language } from "../i18n/init.ts";
import "./language.css";

const LANGUAGES: readonly { readonly code: Language; readonly text: "ui.languages.zh" | "ui.languages.en" }[] = [
  { code: "zh-CN", text: "ui.languages.zh" },
  { code: "en", text: "ui.languages.en" },
];

export function LanguageSwitch() {
  const { t, i18n } = useTranslation();
  return (
    <span className="languages" role="group" aria-label={t("ui.languages.label")}>
      {LANGUAGES.map(({ code, text }) => (
        <button
          key={code}
          type="button"
          lang={code}
          aria-pressed={i18n.language === code}
          onClick={() => void speak(code)}
        >
          {t(text)}
        </button>
      ))}
    </span>
  );
}
