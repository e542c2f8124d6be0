/** The reason on paper, for the family: no level as a colour, no category, nobody else's data. */
import { Button } from "antd";
import { useEffect, useState } from "react";
import { createPortal } from "react-dom";
import { useTranslation } from "react-i18next";
import { civil, now } from "../../api/clock.ts";
import type { Explanation, ReferralDetail } from "../../api/types.ts";
import { useTicketWords } from "../useTicketWords.ts";

function Sheet({ ticket, why }: { ticket: ReferralDetail; why: Explanation }) {
  const { t } = useTranslation();
  const words = useTicketWords();
  const [at] = useState(() => civil(now()));
  return (
    <article className="family-print">
      <h1>{t("referral.family.title")}</h1>
      <p>
        {t("referral.family.who", { name: ticket.patient?.name ?? "", number: ticket.number })}
        {ticket.to !== null && ` · ${ticket.to.name} ${ticket.department}`}
      </p>
      {why.position > 0 && <p className="family-print-place">{t("referral.family.place", { n: why.position })}</p>}
      <p>{words.sentence(why)}</p>
      {ticket.place !== null && <p>{t("referral.family.bed", { place: words.place(ticket.place) })}</p>}
      <p>{t("referral.family.rule", { version: why.rule_version })}</p>
      <p>{t("referral.family.ask", { phone: ticket.to?.phone ?? ticket.from.phone })}</p>
      <footer>{t("referral.family.printed", { date: at.date, time: at.time })}</footer>
    </article>
  );
}

export function FamilyPrint(props: { ticket: ReferralDetail; why: Explanation }) {
  const { t } = useTranslation();
  const [printing, setPrinting] = useState(false);
  useEffect(() => {
    if (!printing) return undefined;
    const done = () => {
      setPrinting(false);
    };
    window.addEventListener("afterprint", done);
    window.print();
    return () => {
      window.removeEventListener("afterprint", done);
    };
  }, [printing]);
  return (
    <>
      <Button
        type="link"
        size="small"
        onClick={() => {
          setPrinting(true);
        }}
      >
        {t("referral.rank.print")}
      </Button>
      {printing && createPortal(<Sheet {...props} />, document.body)}
    </>
  );
}
