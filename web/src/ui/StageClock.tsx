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

/** On a card the word is for the ear only. */
function Word({ brief, children }: { brief: boolean; children: string }) {
  return brief ? <span className="visually-hidden">{children}</span> : children;
}

interface FaceProps {
  readonly state: DueState;
  readonly brief: boolean;
  readonly digits: (ms: number) => string;
}

function Face({ state, brief, digits }: FaceProps) {
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
          <Word brief={brief}>{t("ui.clock.left")}</Word> <b>{digits(state.leftMs)}</b>
        </>
      );
    case "over":
      return (
        <>
          <Ring share={1} />
          {t("ui.clock.over")} <b>{digits(state.overMs)}</b>
        </>
      );
    case "paused":
      return (
        <>
          <Pause aria-hidden="true" />
          <Word brief={brief}>{t("ui.clock.paused")}</Word> {digits(state.leftMs)}
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

interface Props {
  readonly limit: Limit;
  readonly size?: Size;
  /** On a card: ring and the largest unit, the word for the ear only. Late still says so. */
  readonly brief?: boolean;
}

/** Ticks by itself on the hub's time: each second under an hour, else each half minute. */
export function StageClock({ limit, size = "row", brief = false }: Props) {
  const span = useSpanText();
  const coarse = useNow(30_000);
  const pace = redrawEvery(dueState(limit, coarse)) ?? 30_000;
  const now = useNow(pace);
  const state = dueState(limit, now);
  return (
    <span className={`clk${TONES[state.at]}${SIZES[size]}`} role="timer" aria-live="off">
      <Face state={state} brief={brief} digits={brief ? span.brief : span.digits} />
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
