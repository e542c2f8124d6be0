/** The fields that one command needs, and no others. A refusal keeps them open with what was typed. */
import { Button, Form } from "antd";
import { useTranslation } from "react-i18next";
import type { ReferralCommand } from "../../api/resources/referrals.ts";
import type { Referral, ReferralDetail } from "../../api/types.ts";
import { Sheet } from "../../ui/Sheet.tsx";
import { Field } from "./fields.tsx";
import { FORMS, startingValues, type Values } from "./forms.ts";
import { Moved } from "./Moved.tsx";
import type { Acting } from "./useActing.ts";

const GRAVE: readonly ReferralCommand[] = ["decline", "die", "cancel", "not-arrived"];

interface Props {
  readonly ticket: Referral | ReferralDetail;
  readonly acting: Acting;
}

function Fields({ ticket, acting, name }: Props & { name: ReferralCommand }) {
  const { t } = useTranslation();
  return (
    <Form<Values> layout="vertical" initialValues={startingValues(ticket, name)} onFinish={acting.submit}>
      {FORMS[name].fields.map((field) => (
        <Field key={field} field={field} ticket={ticket} command={name} />
      ))}
      <div className="col">
        <Moved failure={acting.failure} ticket={ticket} />
        <div className="sheet-foot">
          <Button onClick={acting.close}>{t("ui.close")}</Button>
          <Button type="primary" danger={GRAVE.includes(name)} htmlType="submit" loading={acting.pending !== null}>
            {t(`referral.submit.${name === "hold-bed" ? "hold-bed" : name === "ask" ? "ask" : "other"}`, {
              what: t(`referral.command.${name}`),
            })}
          </Button>
        </div>
      </div>
    </Form>
  );
}

export function CommandSheet({ ticket, acting }: Props) {
  const { t } = useTranslation();
  const { sheet } = acting;
  return (
    <Sheet
      open={sheet !== null}
      onClose={acting.close}
      title={
        sheet !== null &&
        t("referral.sheet", { what: t(`referral.command.${sheet.name}`), who: ticket.patient?.name ?? ticket.number })
      }
    >
      {sheet !== null && <Fields key={sheet.key} ticket={ticket} acting={acting} name={sheet.name} />}
    </Sheet>
  );
}
