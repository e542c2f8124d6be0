/** A page that died: what happened, what is safe, the way on. */
import { Button } from "antd";
import { TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";

export function Crash({ onRetry }: { onRetry: () => void }) {
  const { t } = useTranslation();
  return (
    <section className="card failure" role="alert">
      <TriangleAlert aria-hidden="true" />
      <div className="failure-body">
        <h2>{t("app.crash.title")}</h2>
        <dl className="dl">
          <dt>{t("ui.happened")}</dt>
          <dd>{t("app.crash.happened")}</dd>
          <dt>{t("ui.safe")}</dt>
          <dd>{t("app.crash.safe")}</dd>
          <dt>{t("ui.youMay")}</dt>
          <dd>{t("app.crash.next")}</dd>
        </dl>
        <div className="row">
          <Button type="primary" onClick={onRetry}>
            {t("app.crash.retry")}
          </Button>
          <Button href="/">{t("app.crash.home")}</Button>
        </div>
      </div>
    </section>
  );
}
