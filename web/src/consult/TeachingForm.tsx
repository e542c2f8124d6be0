/** Who may look on, and the patient's own word to it: a consent to the consult is none to a class. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { Button, Checkbox, Form, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { newKey } from "../api/client.ts";
import { classes } from "../api/resources/classes.ts";
import { organizations } from "../api/resources/organizations.ts";
import type { ConsultDetail, Teaching } from "../api/types.ts";
import { ProblemNote } from "../ui/ProblemNote.tsx";
import { Paper } from "./Paper.tsx";

interface Written {
  readonly organizations?: readonly string[];
  readonly people?: readonly { readonly value: string }[];
  readonly written?: boolean;
  readonly by: string;
  readonly relation?: string;
  readonly document?: string;
}

const choiceOf = ({ id, name }: { id: string; name: string }) => ({ value: id, label: name });

/** Closed after each choice: Tab takes an open list's next entry along, and that would be somebody nobody named. */
function useClosing() {
  const [open, setOpen] = useState(false);
  const close = () => {
    setOpen(false);
  };
  return { mode: "multiple", defaultActiveFirstOption: false, open, onOpenChange: setOpen, onSelect: close } as const;
}

function People() {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const closing = useClosing();
  const found = useQuery(classes.colleagues(text));
  const options = (found.data?.items ?? []).map(({ id, name, organization }) => ({
    value: id,
    label: `${name} ${organization.name}`,
  }));
  return (
    <Form.Item name="people" label={t("consult.teaching.people")}>
      <Select
        {...closing}
        labelInValue
        showSearch={{ filterOption: false, onSearch: setText }}
        placeholder={t("consult.teaching.search")}
        options={options}
      />
    </Form.Item>
  );
}

function Consent() {
  const { t } = useTranslation();
  const agrees = (_rule: object, written: unknown) =>
    written === true ? Promise.resolve() : Promise.reject(new Error(t("consult.teaching.consentNeeded")));
  return (
    <>
      <Form.Item name="written" valuePropName="checked" rules={[{ validator: agrees }]}>
        <Checkbox>{t("consult.teaching.consent")}</Checkbox>
      </Form.Item>
      <Paper />
    </>
  );
}

/** Whoever changes the names of a class that runs goes on from what was written. */
function asWritten(teaching: Teaching | null): Partial<Written> {
  if (teaching?.open !== true) return {};
  return {
    organizations: teaching.organizations.map(({ id }) => id),
    people: teaching.people.map(choiceOf),
    written: true,
    by: teaching.consent_by,
    relation: teaching.consent_relation,
    document: teaching.consent_document,
  };
}

export function TeachingForm({ consult, onDone }: { consult: ConsultDetail; onDone: () => void }) {
  const { t } = useTranslation();
  const open = useMutation(classes.open);
  // As she read it: where the patient ended the class meanwhile, the hub has to refuse what was ticked before.
  const [version] = useState(consult.version);
  const houses = useQuery(organizations.list);
  const closing = useClosing();
  const send = ({ organizations: named = [], people = [], written = false, ...paper }: Written) => {
    const { by, relation = "", document = "" } = paper;
    const consent = { written, by, relation, document };
    const whom = { organizations: named, people: people.map(({ value }) => value), consent };
    open.mutate({ id: consult.id, version, key: newKey(), ...whom }, { onSuccess: onDone });
  };
  return (
    <Form<Written> layout="vertical" initialValues={asWritten(consult.teaching)} onFinish={send}>
      <Form.Item name="organizations" label={t("consult.teaching.houses")}>
        <Select
          {...closing}
          showSearch={{ optionFilterProp: "label" }}
          loading={houses.isPending}
          options={(houses.data?.items ?? []).map(choiceOf)}
        />
      </Form.Item>
      <People />
      <Consent />
      <ProblemNote failure={open.error} />
      <Button type="primary" htmlType="submit" loading={open.isPending}>
        {t("consult.ask.done")}
      </Button>
    </Form>
  );
}
