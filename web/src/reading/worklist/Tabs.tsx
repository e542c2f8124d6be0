/** The states of the work with how many there are of each; zero is a number too. */
import { useTranslation } from "react-i18next";
import type { OrderCounts } from "../../api/types.ts";
import { TABS, type Tab } from "./model.ts";

interface Props {
  readonly counts: OrderCounts | null;
  readonly tab: Tab;
  readonly onTab: (tab: (typeof TABS)[number]) => void;
}

export function Tabs({ counts, tab, onTab }: Props) {
  const { t } = useTranslation();
  return (
    <div className="wl-tabs" role="group" aria-label={t("reading.tabs")}>
      {TABS.map((one) => {
        const count = counts?.[one] ?? 0;
        const urgent = one === "critical" && count > 0;
        return (
          <button
            key={one}
            type="button"
            aria-pressed={tab === one}
            onClick={() => {
              onTab(one);
            }}
          >
            {t(`reading.tab.${one}`)} <span className={urgent ? "wl-count wl-count-crit" : "wl-count"}>{count}</span>
          </button>
        );
      })}
    </div>
  );
}
