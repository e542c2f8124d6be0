/** What came of a visit: controlled or not, what the hub suggests, when next, and the ticket it drafted. */
import { Button } from "antd";
import { ArrowUpRight, CalendarCheck, Check } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import type { Assessment } from "../../api/types.ts";
import { Note } from "../../ui/Note.tsx";
import { Tag } from "../../ui/Tag.tsx";

export function Controlled({ assessment }: { assessment: Assessment | null }) {
  const { t } = useTranslation();
  const controlled = assessment?.controlled ?? null;
  if (controlled === null) return null;
  return <Tag tone={controlled ? "ok" : "due"}>{t(controlled ? "visits.controlled" : "visits.uncontrolled")}</Tag>;
}

interface Props {
  readonly name: string;
  readonly assessment: Assessment | null;
  readonly drafted: string | null;
}

export function Saved({ name, assessment, drafted }: Props) {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  return (
    <section className="card vs-card col g12" role="status">
      <h2>
        <Check aria-hidden="true" className="okc" /> {t("visits.saved", { name })}
      </h2>
      <Controlled assessment={assessment} />
      {assessment?.next_due != null && (
        <p className="vs-next">
          <CalendarCheck aria-hidden="true" /> {t("visits.next", { date: assessment.next_due })}
        </p>
      )}
      {assessment?.suggestions.map(({ code, zh, en }) => (
        <Note key={code} tone={code === "refer-emergency" ? "over" : "due"}>
          {i18n.language === "en" ? en : zh}
        </Note>
      ))}
      {drafted !== null && (
        <Button
          danger
          type="primary"
          size="large"
          block
          icon={<ArrowUpRight aria-hidden="true" />}
          onClick={() => void navigate(`/referrals/${drafted}`)}
        >
          {t("visits.openTicket")}
        </Button>
      )}
      <Button
        type={drafted === null ? "primary" : "default"}
        size="large"
        block
        onClick={() => void navigate("/follow-ups")}
      >
        {t("visits.nextOne")}
      </Button>
    </section>
  );
}
