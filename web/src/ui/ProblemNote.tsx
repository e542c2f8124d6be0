/** A failure where it happened: what, and the next step. `retry` is offered only where trying again can help. */
import { Button } from "antd";
import { CloudOff } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { civil, now } from "../api/clock.ts";
import { codeOf, isWorthRetrying, Problem } from "../api/problems.ts";
import { Note } from "./Note.tsx";
import { errorCode } from "./problemText.ts";
import "./notes.css";

/** A refusal in one line beside the action; an unknown code shows the hub's own code at the end. */
export function ProblemNote({ failure, children }: { failure: unknown; children?: ReactNode }) {
  const { t } = useTranslation();
  if (failure === null || failure === undefined) return null;
  const code = errorCode(failure);
  const raw = codeOf(failure);
  const busy = failure instanceof Problem && failure.status < 500;
  return (
    <div role="status">
      <Note tone={busy ? "due" : "over"}>
        <b>{t(`errors.${code}.text`)}</b> <span>{t(`errors.${code}.next`)}</span>
        {raw !== code && <span className="s12"> ({raw})</span>}
        {children}
      </Note>
    </div>
  );
}

interface CardProps {
  readonly failure: unknown;
  /** What is safe, for this content. */
  readonly safe?: string;
  readonly onRetry?: () => void;
}

/** A failure that takes a whole pane: 发生了什么, 哪些安全, 您可以. */
export function ProblemCard({ failure, safe, onRetry }: CardProps) {
  const { t } = useTranslation();
  const [at] = useState(() => civil(now()).timeWithSeconds);
  const code = errorCode(failure);
  return (
    <section className="card failure" role="alert">
      <CloudOff aria-hidden="true" />
      <div className="failure-body">
        <h2>{t(`errors.${code}.text`)}</h2>
        <dl className="dl">
          <dt>{t("ui.happened")}</dt>
          <dd>{t(`errors.${code}.text`)}</dd>
          {safe !== undefined && (
            <>
              <dt>{t("ui.safe")}</dt>
              <dd>{safe}</dd>
            </>
          )}
          <dt>{t("ui.youMay")}</dt>
          <dd>{t(`errors.${code}.next`)}</dd>
        </dl>
        {onRetry !== undefined && (isWorthRetrying(failure) || code === "UNKNOWN" || code === "FAULT") && (
          <div>
            <Button onClick={onRetry}>{t("ui.retry")}</Button>
          </div>
        )}
        <span className="s12 mut">{t("ui.codeAt", { code: codeOf(failure), time: at })}</span>
      </div>
    </section>
  );
}
