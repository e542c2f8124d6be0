/** Where else the patient could go: free beds, the road from here, and how old that knowledge is. */
import { useQuery } from "@tanstack/react-query";
import { Bed } from "lucide-react";
import { useTranslation } from "react-i18next";
import { referUp } from "../../api/resources/refer-up.ts";
import { useUser } from "../../api/resources/session.ts";
import type { ReferralDetail, SessionUser, Target } from "../../api/types.ts";
import { Tag } from "../../ui/Tag.tsx";
import { useSpanText } from "../../ui/useSpanText.ts";
import { useTicketWords } from "../useTicketWords.ts";

const OPEN = ["sent", "received", "info-needed", "accepted", "bed-held"];
const MOST = 4;

/** Only who answers for the receiver looks for another place. */
function asks(ticket: ReferralDetail, user: SessionUser): boolean {
  const here = user.roles.some(({ organization }) => organization.id === ticket.to?.id);
  return here && ticket.direction !== "down" && OPEN.includes(ticket.state);
}

function Place({ target }: { target: Target }) {
  const { t } = useTranslation();
  const words = useTicketWords();
  const span = useSpanText();
  const age = target.age_minutes;
  return (
    <tr>
      <th scope="row">
        {target.organization.name} {target.department}
      </th>
      <td>
        <Tag tone={target.stale ? "due" : "line"} icon={Bed}>
          {target.free === null
            ? t("referral.elsewhere.unknown")
            : t("referral.elsewhere.free", { count: target.free })}
        </Tag>
      </td>
      <td className="sub">{words.sentence(target.reason)}</td>
      <td className="nw mut">{age !== null && t("referral.elsewhere.age", { span: span.words(age * 60_000) })}</td>
      <td className="num nw">{target.minutes !== null && span.words(target.minutes * 60_000)}</td>
    </tr>
  );
}

export function Elsewhere({ ticket }: { ticket: ReferralDetail }) {
  const { t } = useTranslation();
  const user = useUser();
  const enabled = asks(ticket, user);
  const { department, triage_level, needs, to } = ticket;
  const level = [1, 2, 3, 4].find((it) => it === triage_level) as 1 | 2 | 3 | 4 | undefined;
  const found = useQuery({
    ...referUp.targets({ from_org: to?.id ?? null, department, triage_level: level ?? 3, needs }),
    enabled,
    retry: false,
  });
  const targets = (found.data?.targets ?? []).filter(({ lacking }) => lacking.length === 0).slice(0, MOST);
  if (!enabled || targets.length === 0) return null;
  return (
    <section className="col" aria-label={t("referral.elsewhere.title")}>
      <h3>{t("referral.elsewhere.title")}</h3>
      <table className="tk-elsewhere s13">
        <tbody>
          {targets.map((target) => (
            <Place key={target.organization.id} target={target} />
          ))}
        </tbody>
      </table>
    </section>
  );
}
