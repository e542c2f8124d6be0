/** Shapes of what is coming: nothing for 300 ms, then the shape, after 5 s the word about the line. */
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import "./notes.css";

const SLOW_AFTER_MS = 5_000;

function useSlow(): boolean {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      setSlow(true);
    }, SLOW_AFTER_MS);
    return () => {
      clearTimeout(timer);
    };
  }, []);
  return slow;
}

/** Rows of a table or list. */
export function SkeletonRows({ rows = 6 }: { rows?: number }) {
  const { t } = useTranslation();
  const slow = useSlow();
  return (
    <div className="late" role="status" aria-busy="true">
      <span className="visually-hidden">{t("ui.loading")}</span>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="sk-row" aria-hidden="true">
          <span className="sk sk-square" />
          <span className="sk sk-short" />
          <span className="sk sk-long" />
          <span className="sk sk-short" />
        </div>
      ))}
      {slow && <p className="s13 mut page-pad">{t("ui.slow")}</p>}
    </div>
  );
}

/** A page of text. */
export function SkeletonPage() {
  const { t } = useTranslation();
  const slow = useSlow();
  return (
    <div className="late page-pad col" role="status" aria-busy="true">
      <span className="visually-hidden">{t("ui.loading")}</span>
      <span className="sk sk-medium" aria-hidden="true" />
      <span className="sk" aria-hidden="true" />
      <span className="sk" aria-hidden="true" />
      <span className="sk sk-medium" aria-hidden="true" />
      {slow && <span className="s13 mut">{t("ui.slow")}</span>}
    </div>
  );
}
