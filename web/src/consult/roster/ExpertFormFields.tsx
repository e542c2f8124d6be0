/** What the roster says of an expert: specialties, credentials, and the hours in which she can be booked. */
import { useMutation } from "@tanstack/react-query";
import { Button, Form, Input, Select } from "antd";
import { Plus, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { consults } from "../../api/resources/consults.ts";
import type { Expert } from "../../api/types.ts";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import { bodyOf, fieldsOf, isSound, SLOTS, WEEKDAYS, type ExpertFields, type HoursField } from "./form.ts";

const EVERY_MORNING: HoursField = { weekday: 1, opens: "08:00", closes: "10:00" };

function HoursRow({ at, onRemove }: { at: number; onRemove: () => void }) {
  const { t } = useTranslation();
  const required = [{ required: true, message: t("consult.apply.needed") }];
  return (
    <div className="row wrap co-hours">
      <Form.Item name={[at, "weekday"]} label={t("consult.roster.weekday")} rules={required}>
        <Select options={WEEKDAYS.map((day, at) => ({ value: at + 1, label: t(`consult.roster.days.${day}`) }))} />
      </Form.Item>
      <Form.Item name={[at, "opens"]} label={t("consult.roster.opens")} rules={required}>
        <Input type="time" />
      </Form.Item>
      <Form.Item
        name={[at, "closes"]}
        label={t("consult.roster.closes")}
        dependencies={[["hours", at, "opens"]]}
        rules={[
          ...required,
          ({ getFieldValue }) => ({
            validator: () =>
              isSound(getFieldValue(["hours", at]) as HoursField)
                ? Promise.resolve()
                : Promise.reject(new Error(t("consult.roster.unsound"))),
          }),
        ]}
      >
        <Input type="time" />
      </Form.Item>
      <Button
        type="text"
        icon={<X aria-hidden="true" />}
        aria-label={t("consult.roster.removeHours")}
        onClick={onRemove}
      />
    </div>
  );
}

function Hours() {
  const { t } = useTranslation();
  return (
    <Form.List name="hours">
      {(fields, { add, remove }) => (
        <fieldset className="co-list">
          <legend>{t("consult.roster.hours")}</legend>
          {fields.map(({ key, name }) => (
            <HoursRow
              key={key}
              at={name}
              onRemove={() => {
                remove(name);
              }}
            />
          ))}
          <Button
            icon={<Plus aria-hidden="true" />}
            onClick={() => {
              add(EVERY_MORNING);
            }}
          >
            {t("consult.roster.addHours")}
          </Button>
        </fieldset>
      )}
    </Form.List>
  );
}

function Credentials() {
  const { t } = useTranslation();
  const required = [{ required: true, message: t("consult.apply.needed") }];
  return (
    <>
      <Form.Item
        name="specialties"
        label={t("consult.fact.specialties")}
        extra={t("consult.apply.specialtiesHint")}
        rules={required}
      >
        <Select mode="tags" open={false} suffix={null} />
      </Form.Item>
      <Form.Item
        name="practising_since"
        label={t("consult.roster.since")}
        extra={t("consult.roster.sinceHint")}
        rules={required}
      >
        <Input type="date" />
      </Form.Item>
      <Form.Item name="licence" label={t("consult.roster.licence")}>
        <Input maxLength={40} />
      </Form.Item>
      <Form.Item name="slot_minutes" label={t("consult.roster.slot")}>
        <Select
          options={SLOTS.map((each) => ({ value: each, label: t("consult.times.minutes", { minutes: String(each) }) }))}
        />
      </Form.Item>
    </>
  );
}

interface Props {
  readonly id: string;
  readonly organization: string;
  /** Null for somebody who does not stand on the roster yet. */
  readonly expert: Expert | null;
  readonly onDone: () => void;
}

export function ExpertFormFields({ id, organization, expert, onDone }: Props) {
  const { t } = useTranslation();
  const put = useMutation(consults.putExpert);
  return (
    <Form<ExpertFields>
      layout="vertical"
      initialValues={fieldsOf(expert)}
      onFinish={(fields) => {
        put.mutate({ id, version: expert?.version ?? 0, body: bodyOf(fields, organization) }, { onSuccess: onDone });
      }}
    >
      <Credentials />
      <Hours />
      <ProblemNote failure={put.error} />
      <Button type="primary" htmlType="submit" loading={put.isPending}>
        {t("consult.ask.done")}
      </Button>
    </Form>
  );
}
