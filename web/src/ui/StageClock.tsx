/** The clock of a stage: a ring with the share of time left, and digits. Always both, and never a filled plate. */
import { Check, Pause } from "lucide-react";
import { useTranslation } from "react-i18next";
import { civil } from "../api/clock.ts";
import { dueState, redrawEvery, type DueState, type Limit } from "./dueState.ts";
import { useNow } from "./useNow.ts";
import { useSpanText } from "./useSpanText.ts";
import "./forms.css";

type Size = "row" | "box" | "head";

const DASHED = { strokeDasharray: "3 2.5" };
const AROUND = 2 * Math.PI * 7;
const SIZES: Record<Size, string> = { row: "", box: " clk-box", head: " clk-head" };
const TONES: Record<DueState["at"], string> = {
  "not-started": "",
  ample: "",
  due: " clk-due",
  over: " clk-over",
  paused: " clk-paused",
  done: " clk-done",
};

function Ring({ share, dashed = false }: { share: number; dashed?: boolean }) {
  return (
    <svg viewBox="0 0 18 18" aria-hidden="true">
      <circle className="clk-track" cx="9" cy="9" r="7" {...(dashed ? DASHED : {})} />
      {!dashed && (
        <circle
          className="clk-share"
          cx="9"
          cy="9"
          r="7"
          strokeDasharray={`${(share * AROUND).toFixed(1)} ${AROUND.toFixed(1)}`}
          transform="rotate(-90 9 9)"
        />
      )}
    </svg>
  );
}

function Face({ state }: { state: DueState }) {
  const { t } = useTranslation();
  const span = useSpanText();
  switch (state.at) {
    case "not-started":
      return (
        <>
          <Ring share={0} dashed />
          {t("ui.clock.notStarted")}
        </>
      );
    case "ample":
    case "due":
      return (
        <>
          <Ring share={state.share} />
          {t("ui.clock.left")} <b>{span.digits(state.leftMs)}</b>
        </>
      );
    case "over":
      return (
        <>
          <Ring share={1} />
          {t("ui.clock.over")} <b>{span.digits(state.overMs)}</b>
        </>
      );
    case "paused":
      return (
        <>
          <Pause aria-hidden="true" />
          {t("ui.clock.paused")} {span.digits(state.leftMs)}
        </>
      );
    case "done":
      return (
        <>
          <Check aria-hidden="true" />
          {t(state.inTime ? "ui.clock.doneInTime" : "ui.clock.doneLate", { span: span.words(state.spanMs) })}
        </>
      );
  }
}

/** Ticks by itself on the hub's time: each second under an hour, else each half minute. */
export function StageClock({ limit, size = "row" }: { limit: Limit; size?: Size }) {
  const coarse = useNow(30_000);
  const pace = redrawEvery(dueState(limit, coarse)) ?? 30_000;
  const now = useNow(pace);
  const state = dueState(limit, now);
  return (
    <span className={`clk${TONES[state.at]}${SIZES[size]}`} role="timer" aria-live="off">
      <Face state={state} />
    </span>
  );
}

/** A deadline with its limit and wall time beneath: 限 30 分，08:50. For headers. */
export function Deadline({ limit }: { limit: Limit }) {
  const { t } = useTranslation();
  const span = useSpanText();
  return (
    <span className="deadline">
      <StageClock limit={limit} size="head" />
      {limit.due_at !== null && limit.limit_minutes !== null && (
        <span className="s12 mut nw">
          {t("ui.clock.limit", { limit: span.words(limit.limit_minutes * 60_000), time: civil(limit.due_at).time })}
        </span>
      )}
    </span>
  );
}
