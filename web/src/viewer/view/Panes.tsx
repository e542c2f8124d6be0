/** Toolbar, one or two panes, the strip of series. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useScreen } from "../../ui/useScreen.ts";
import { Documents } from "./Documents.tsx";
import { PaneView } from "./PaneView.tsx";
import type { SeriesView } from "./series.ts";
import { SeriesStrip } from "./SeriesStrip.tsx";
import { Toolbar, type Compare } from "./Toolbar.tsx";
import { usePanes } from "./usePanes.ts";

interface Props {
  readonly all: readonly SeriesView[];
  readonly shown: readonly SeriesView[];
  readonly others: readonly SeriesView[];
  readonly heading: (study: string) => string;
  readonly corner: string;
}

/** A phone on a township's line asks for the full picture only when a person does. */
function WantFull({ onAsk }: { onAsk: () => void }) {
  const { t } = useTranslation();
  return (
    <button type="button" className="viewer-more" onClick={onAsk}>
      {t("viewer.wantFull")}
    </button>
  );
}

export function Panes({ all, shown, others, heading, corner }: Props) {
  const { t } = useTranslation();
  const [first] = shown as [SeriesView];
  const { state, dispatch, seriesAt, pane, series, stored, onAct, onActive, open } = usePanes(first, shown, others);
  const phone = useScreen() === "phone";
  const [asked, setAsked] = useState(false);
  const [beside = null] = [...others, ...shown.slice(1)];
  const split = state.panes.length > 1;
  const compare: Compare = {
    on: split,
    linked: state.linked,
    toggle: () => {
      dispatch({ to: "split", with: split ? null : beside });
    },
    link: () => {
      dispatch({ to: "link" });
    },
  };
  return (
    <section className="viewer" aria-label={t("viewer.title")}>
      <Toolbar
        tool={state.tool}
        onTool={(tool) => {
          dispatch({ to: "tool", tool });
        }}
        pane={pane}
        modality={series.modality}
        stored={stored}
        onAct={onActive}
        compare={beside === null || phone ? null : compare}
      />
      <div className={split ? "viewer-panes viewer-panes-2" : "viewer-panes"}>
        {state.panes.map((one, at) => (
          <PaneView
            key={at}
            series={seriesAt(one)}
            pane={one}
            tool={state.tool}
            shared={at === 0}
            active={split && at === state.active}
            wantFull={asked || !phone}
            onAct={onAct(at)}
            words={{ heading: heading(one.study), corner }}
          />
        ))}
      </div>
      <div className="viewer-foot">
        <SeriesStrip series={[...shown, ...(split ? others : [])]} open={pane.series} onOpen={open} />
        <Documents series={all} />
        {phone && !asked && (
          <WantFull
            onAsk={() => {
              setAsked(true);
            }}
          />
        )}
      </div>
    </section>
  );
}
