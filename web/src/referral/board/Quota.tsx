/** The reserved beds of a house, and which beds become free next. */
import { useTranslation } from "react-i18next";
import { useNow } from "../../ui/useNow.ts";
import type { BedPage } from "../../api/types.ts";
import { squaresOf } from "./model/board.ts";
import { useBedWords } from "./useBedWords.ts";

const SOON = 6;

export function Quota({ page }: { page: BedPage }) {
  const { t } = useTranslation();
  const { quota } = page;
  const words = t("beds.quota.words", { used: quota.occupied, held: quota.held, free: quota.free });
  if (quota.reserved === 0 && quota.gap === 0) return null;
  return (
    <section className="card bb-side-card" aria-labelledby="bb-quota">
      <div className="row">
        <h2 id="bb-quota" className="bb-h3">
          {t("beds.quota.title", { count: quota.reserved })}
        </h2>
        <span className="sp" />
        <span className="s13 sub nw">{words}</span>
      </div>
      <div className="bb-squares" role="img" aria-label={words}>
        {squaresOf(quota).map((kind, at) => (
          <i key={at} className={`bb-square bb-square-${kind}`} />
        ))}
      </div>
      {quota.debt > 0 && <p className="s12 duec">{t("beds.quota.debt", { count: quota.debt })}</p>}
      {quota.gap > 0 && <p className="s12 duec">{t("beds.quota.gap", { count: quota.gap })}</p>}
    </section>
  );
}

export function Soon({ page }: { page: BedPage }) {
  const { t } = useTranslation();
  const words = useBedWords();
  const now = useNow(60_000);
  return (
    <section className="card bb-side-card" aria-labelledby="bb-soon">
      <h2 id="bb-soon" className="bb-h3">
        {t("beds.soon.title")}
      </h2>
      {page.soon.length === 0 ? (
        <p className="s12 mut">{t("beds.soon.none")}</p>
      ) : (
        <dl className="bb-soon">
          {page.soon.slice(0, SOON).map(({ bed_id, label, at }) => (
            <div key={bed_id} className="row">
              <dt>{label}</dt>
              <dd className="sp num sub">{words.leaving(at, now)}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}
