/** Whom to ask, how, and how soon. */
import { useQuery } from "@tanstack/react-query";
import { Form, Input, Radio, Select } from "antd";
import { useTranslation } from "react-i18next";
import { consults } from "../../api/resources/consults.ts";
import { organizations } from "../../api/resources/organizations.ts";
import { MODES, SERVICES, TIMES, URGENCIES, type Written } from "./form.ts";
import { useUrgency } from "./useUrgency.ts";

function Expert({ org }: { org: string }) {
  const { t } = useTranslation();
  const roster = useQuery(consults.experts(org));
  const fit = (roster.data?.items ?? []).filter(({ may_answer }) => may_answer);
  return (
    <Form.Item name="expert_id" label={t("consult.apply.expert")} extra={t("consult.apply.expertHint")}>
      <Select
        allowClear
        loading={roster.isPending}
        options={fit.map(({ id, name, title, specialties }) => ({
          value: id,
          label: `${name} ${title} ${specialties.join(" ")}`,
        }))}
      />
    </Form.Item>
  );
}

function How() {
  const { t } = useTranslation();
  return (
    <>
      <Form.Item name="service" label={t("consult.apply.service")}>
        <Radio.Group
          aria-label={t("consult.apply.service")}
          options={SERVICES.map((value) => ({ value, label: t(`consult.service.${value}`) }))}
        />
      </Form.Item>
      <Form.Item name="urgency" label={t("consult.apply.urgency")}>
        <Radio.Group
          aria-label={t("consult.apply.urgency")}
          options={URGENCIES.map((value) => ({ value, label: t(`consult.urgency.${value}`) }))}
        />
      </Form.Item>
      <Form.Item name="mode" label={t("consult.apply.mode")}>
        <Radio.Group
          aria-label={t("consult.apply.mode")}
          options={MODES.map((value) => ({ value, label: t(`consult.mode.${value}`) }))}
        />
      </Form.Item>
    </>
  );
}

function Times() {
  const { t } = useTranslation();
  const form = Form.useFormInstance<Written>();
  const mode = Form.useWatch("mode", form);
  const urgent = useUrgency() === "emergency";
  if (mode !== "video") return null;
  return (
    <fieldset className="co-times">
      <legend>{t("consult.apply.times")}</legend>
      {TIMES.map((which) => (
        <Form.Item
          key={which}
          name={["times", which]}
          label={t(`consult.apply.time.${which}`)}
          rules={[{ required: which === "first" && !urgent, message: t("consult.apply.needed") }]}
        >
          <Input type="datetime-local" className="co-time" />
        </Form.Item>
      ))}
    </fieldset>
  );
}

export function Whom() {
  const { t } = useTranslation();
  const places = useQuery(organizations.list);
  const org = Form.useWatch("to_org", Form.useFormInstance<Written>()) as string | undefined;
  const urgent = useUrgency() === "emergency";
  const rules = [{ required: true, message: t("consult.apply.needed") }];
  const hospitals = (places.data?.items ?? []).filter(({ kind }) => kind === "county" || kind === "higher");
  return (
    <>
      <Form.Item name="to_org" label={t("consult.apply.to")} rules={rules}>
        <Radio.Group
          aria-label={t("consult.apply.to")}
          options={hospitals.map(({ id, name }) => ({ value: id, label: name }))}
        />
      </Form.Item>
      <How />
      <Form.Item
        name="specialties"
        label={t("consult.apply.specialties")}
        extra={t("consult.apply.specialtiesHint")}
        rules={rules}
      >
        <Select mode="tags" open={false} suffix={null} />
      </Form.Item>
      <Form.Item name="title" label={t("consult.apply.wantedTitle")} rules={urgent ? [] : rules}>
        <Input maxLength={20} />
      </Form.Item>
      {org !== undefined && <Expert key={org} org={org} />}
      <Times />
    </>
  );
}
