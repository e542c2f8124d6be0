/** Why this ticket stands where it stands: the sentence, the sum, what did not count; for the family on paper too. */
import { Button } from "antd";
import { Check, Minus, Scale } from "lucide-react";
import { useId, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { civil } from "../../api/clock.ts";
import type { Explanation, ReferralDetail } from "../../api/types.ts";
import { computedAt, inputsOf, isOverdue, sumOf } from "../model/rank.ts";
import { isGreen } from "../model/stage.ts";
import { useTicketWords } from "../useTicketWords.ts";
import { FamilyPrint } from "./FamilyPrint.tsx";

function Line({ counts, children }: { counts: boolean; children: ReactNode }) {
  return (
    <li className={counts ? "" : "mut"}>
      {counts ? <Check aria-hidden="true" className="okc" /> : <Minus aria-hidden="true" />}
      <span>{children}</span>
    </li>
  );
}

function Lines({ ticket, why }: { ticket: ReferralDetail; why: Explanation }) {
  const { t } = useTranslation();
  const words = useTicketWords();
  const sum = sumOf(why);
  const green = isGreen(ticket);
  return (
    <ul className="tk-why-lines s13">
      <Line counts>{words.sentence(why)}</Line>
      {sum !== null && !green && (
        <Line counts={!isOverdue(why)}>
          {t(isOverdue(why) ? "referral.rank.overdue" : "referral.rank.sum", { ...sum })}
        </Line>
      )}
      {green && <Line counts={false}>{t("referral.rank.noCategory")}</Line>}
      <Line counts={false}>{t("referral.rank.notCounted")}</Line>
    </ul>
  );
}

function Inputs({ why, id }: { why: Explanation; id: string }) {
  return (
    <dl className="dl tk-inputs" id={id}>
      {inputsOf(why).map(([name, value]) => (
        <div key={name} className="tk-fact">
          <dt lang="en">{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** When it was computed, by which version of the rule. */
function Computed({ why }: { why: Explanation }) {
  const { t } = useTranslation();
  const at = computedAt(why);
  const version = t("referral.rank.version", { version: why.rule_version });
  return at === null ? version : t("referral.rank.computed", { time: civil(at).timeWithSeconds, version });
}

interface Props {
  readonly ticket: ReferralDetail;
  readonly why: Explanation;
  /** Null: this person may not place by hand. */
  readonly onOverride: (() => void) | null;
}

export function WhyCard({ ticket, why, onOverride }: Props) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <section className="card tk-why" aria-labelledby={`${id}-title`}>
      <div className="tk-why-head">
        <Scale aria-hidden="true" />
        <h3 id={`${id}-title`}>
          {why.position > 0 ? t("referral.rank.title", { n: why.position }) : t("referral.rank.place")}
        </h3>
        <span className="sp" />
        <span className="s12 mut">
          <Computed why={why} />
        </span>
      </div>
      <div className="tk-why-body">
        <Lines ticket={ticket} why={why} />
        <div className="row wrap">
          <Button
            type="link"
            size="small"
            aria-expanded={open}
            aria-controls={`${id}-inputs`}
            onClick={() => {
              setOpen(!open);
            }}
          >
            {t("referral.rank.inputs")}
          </Button>
          {onOverride !== null && (
            <Button type="link" size="small" onClick={onOverride}>
              {t("referral.rank.override")}
            </Button>
          )}
          <FamilyPrint ticket={ticket} why={why} />
        </div>
        {open && <Inputs why={why} id={`${id}-inputs`} />}
      </div>
    </section>
  );
}
