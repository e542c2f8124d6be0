/** Starts i18next: zh-CN at once, English when somebody asks for it. */
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { zh } from "./zh-CN/index.ts";

export type Language = "zh-CN" | "en";
const REMEMBERED = "lutong.language";

export function rememberedLanguage(): Language {
  return localStorage.getItem(REMEMBERED) === "en" ? "en" : "zh-CN";
}

/** Switches every text on the screen, and remembers it for this browser. */
export async function speak(language: Language): Promise<void> {
  if (language === "en" && !i18next.hasResourceBundle("en", "translation")) {
    const { en } = await import("./en/index.ts");
    i18next.addResourceBundle("en", "translation", en);
  }
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  localStorage.setItem(REMEMBERED, language);
}

/** Fetches a screen together with the words that only it and its like have. */
export async function withLateWords<T>(screen: Promise<T>): Promise<T> {
  const [{ late }, fetched] = await Promise.all([import("./zh-CN/late.ts"), screen]);
  i18next.addResourceBundle("zh-CN", "translation", late, true);
  return fetched;
}

/** Must have run before the first screen; a missing key throws where `strict` asks for it (in tests). */
export async function startI18n({ strict = false }: { strict?: boolean } = {}): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: "zh-CN",
    fallbackLng: "zh-CN",
    resources: { "zh-CN": { translation: zh } },
    interpolation: { escapeValue: false },
    saveMissing: strict,
    missingKeyHandler: (_languages, _namespace, key) => {
      if (strict) throw new Error(`No text for ${key}`);
    },
  });
  await speak(rememberedLanguage());
}
