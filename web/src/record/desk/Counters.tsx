/** Four numbers that are the lists behind them. */
import { ChevronRight, CloudUpload, Hand, Hourglass, MailOpen, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { instant } from "../../api/clock.ts";
import type { Overview } from "../../api/types.ts";
import { useNow } from "../../ui/useNow.ts";
import { useSpanText } from "../../ui/useSpanText.ts";
import { When } from "../../ui/When.tsx";

type Name = "sending" | "reading" | "mine" | "unread";

const ICONS: Readonly<Record<Name, LucideIcon>> = {
  sending: CloudUpload,
  reading: Hourglass,
  mine: Hand,
  unread: MailOpen,
};
const LEADS: Readonly<Record<Name, string>> = {
  sending: "/track?state=receiving,quarantined,unrouted",
  reading: "/track?state=ready,claimed,awaiting-verification,amending",
  mine: "/track?state=returned",
  unread: "/results",
};

function Counter({ name, count, children }: { name: Name; count: number; children: ReactNode }) {
  const { t } = useTranslation();
  const Icon = ICONS[name];
  return (
    <Link to={LEADS[name]} className={`counter${name === "mine" && count > 0 ? " counter-mine" : ""}`}>
      <span className="counter-head">
        <Icon aria-hidden="true" />
        <span>{t(`record.counters.${name}`)}</span>
        <span className="sp" />
        <ChevronRight aria-hidden="true" />
      </span>
      <b className="counter-number">{count}</b>
      <span className="counter-hint s12 mut">{children}</span>
    </Link>
  );
}

function Soonest({ moving }: Pick<Overview, "moving">) {
  const { t } = useTranslation();
  const span = useSpanText();
  const now = useNow(30_000);
  const left = moving
    .filter(({ state, due_at }) => state !== "returned" && due_at !== null)
    .map(({ due_at }) => instant(due_at ?? "") - now)
    .toSorted((a, b) => a - b);
  const [first] = left;
  if (first === undefined) return t("record.counters.noneReading");
  const late = left.filter((ms) => ms < 0).length;
  if (late > 0) return <span className="overc">{t("record.counters.late", { count: late })}</span>;
  return t("record.counters.soonest", { span: span.words(first) });
}

export function Counters({ overview }: { overview: Overview }) {
  const { t } = useTranslation();
  const { sending, reading, mine, unread, moving, unread_reports } = overview;
  const oldest = unread_reports.map(({ released_at }) => released_at ?? "9").toSorted()[0];
  return (
    <section className="counters" aria-label={t("record.counters.label")}>
      <Counter name="sending" count={sending}>
        {t(sending > 0 ? "record.counters.arriving" : "record.counters.nothingToSend")}
      </Counter>
      <Counter name="reading" count={reading}>
        <Soonest moving={moving} />
      </Counter>
      <Counter name="mine" count={mine.returned + mine.tasks}>
        {t("record.counters.mineOf", { returned: mine.returned, tasks: mine.tasks })}
      </Counter>
      <Counter name="unread" count={unread}>
        {oldest === undefined || oldest === "9" ? (
          t("record.counters.allRead")
        ) : (
          <>
            {t("record.counters.oldest")} <When at={oldest} />
          </>
        )}
      </Counter>
    </section>
  );
}
