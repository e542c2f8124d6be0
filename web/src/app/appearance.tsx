/** Light or dark: what the person chose, what the system says, and what the route asks for (reading is done in the dark). */
import { createContext, use, useMemo, useState, useSyncExternalStore, type ReactNode } from "react";
import { Theme, type Mode } from "../ui/theme/Theme.tsx";

export type Choice = Mode | "system";

interface Appearance {
  readonly choice: Choice;
  readonly choose: (choice: Choice) => void;
  /** A dark route asks while it is shown. */
  readonly askDark: (dark: boolean) => void;
}

const AppearanceContext = createContext<Appearance | null>(null);
const REMEMBERED = "lutong.theme";
const SYSTEM_DARK = "(prefers-color-scheme: dark)";

function remembered(): Choice {
  const found = localStorage.getItem(REMEMBERED);
  return found === "dark" || found === "system" ? found : "light";
}

function useSystemDark(): boolean {
  return useSyncExternalStore(
    (listener) => {
      const query = matchMedia(SYSTEM_DARK);
      query.addEventListener("change", listener);
      return () => {
        query.removeEventListener("change", listener);
      };
    },
    () => matchMedia(SYSTEM_DARK).matches,
  );
}

export function useAppearance(): Appearance {
  const appearance = use(AppearanceContext);
  if (appearance === null) throw new Error("No AppearanceProvider above this component");
  return appearance;
}

export function AppearanceProvider({ children }: { children: ReactNode }) {
  const [choice, setChoice] = useState(remembered);
  const [routeDark, askDark] = useState(false);
  const systemDark = useSystemDark();
  const mode: Mode = routeDark || choice === "dark" || (choice === "system" && systemDark) ? "dark" : "light";
  const appearance = useMemo<Appearance>(
    () => ({
      choice,
      askDark,
      choose: (next) => {
        localStorage.setItem(REMEMBERED, next);
        setChoice(next);
      },
    }),
    [choice],
  );
  return (
    <AppearanceContext value={appearance}>
      <Theme mode={mode}>{children}</Theme>
    </AppearanceContext>
  );
}
