/** Stands round a heavy module (viewer, ECG, room): if the picture dies, the report beside it stays. */
import { Button } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ErrorBoundary } from "./ErrorBoundary.tsx";
import { Note } from "./Note.tsx";

interface Props {
  /** The module's name in the person's language. */
  readonly name: string;
  /** What to show instead, beneath the sentence. */
  readonly fallback?: ReactNode;
  readonly children: ReactNode;
}

export function ModuleBoundary({ name, fallback, children }: Props) {
  const { t } = useTranslation();
  return (
    <ErrorBoundary
      draw={(_failure, again) => (
        <div className="col" role="alert">
          <Note tone="due">
            {t("app.crash.module", { name })}{" "}
            <Button size="small" onClick={again}>
              {t("app.crash.retry")}
            </Button>
          </Note>
          {fallback}
        </div>
      )}
    >
      {children}
    </ErrorBoundary>
  );
}
