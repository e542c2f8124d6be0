/** What stands where rows end: what the forms mean, and what an empty list means. */
import { Info } from "lucide-react";
import { useTranslation } from "react-i18next";
import { keysOf } from "../../keys/bindings.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Kbd } from "../../ui/Kbd.tsx";
import type { Tab } from "./model.ts";

export function Legend() {
  const { t } = useTranslation();
  const keys = [
    [keysOf("worklist", "claim"), t("keys.claim")],
    [keysOf("worklist", "return"), t("keys.return")],
  ] as const;
  return (
    <p className="wl-legend s12 mut">
      <Info aria-hidden="true" /> {t("reading.legend")}
      <span className="sp" />
      <Kbd keys="J" /> <Kbd keys="K" /> {t("reading.upDown")}
      {keys.map(([key, word]) => (
        <span key={key}>
          <Kbd keys={key} /> {word}
        </span>
      ))}
    </p>
  );
}

export function Empty({ tab, done }: { tab: Tab; done: number }) {
  const { t } = useTranslation();
  if (tab === "all" || tab === "ready" || tab === "mine")
    return <EmptyState title={t("reading.empty.done")} text={t("reading.empty.doneText", { count: done })} />;
  return <EmptyState title={t("reading.empty.none")} text={t("reading.empty.noneText")} />;
}
