/** Registering a person: the ID card fills and checks the rest while it is typed; nobody is registered twice. */
import { useMutation } from "@tanstack/react-query";
import { Button, Checkbox, Form, Input, Segmented } from "antd";
import { useTranslation } from "react-i18next";
import { newKey } from "../../api/client.ts";
import { civil, now } from "../../api/clock.ts";
import { Problem } from "../../api/problems.ts";
import { patients } from "../../api/resources/patients.ts";
import type { Patient, PatientNew, Sex } from "../../api/types.ts";
import { layOnFields } from "../../ui/fieldErrors.ts";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import { isErrorCode } from "../../ui/problemText.ts";
import { AssistanceFields, type AssistanceValue } from "./AssistanceFields.tsx";
import { IdHint } from "./IdHint.tsx";
import { RegisterRefused } from "./RegisterRefused.tsx";
import { readId, tidied } from "./residentId.ts";

interface Values {
  readonly card?: string;
  readonly noCard?: boolean;
  readonly name?: string;
  readonly sex?: Sex;
  readonly birth_date?: string;
  readonly phone?: string;
  readonly address?: string;
  readonly allergies?: string;
  readonly assistance?: readonly AssistanceValue[];
}

const SEXES: readonly Sex[] = ["male", "female", "unknown"];

function filled<K extends string>(name: K, value: string | undefined): Partial<Record<K, string>> {
  const text = value?.trim() ?? "";
  return text === "" ? {} : ({ [name]: text } as Partial<Record<K, string>>);
}

function identifiersOf({ card, noCard }: Values): NonNullable<PatientNew["identifiers"]> {
  const value = noCard === true ? "" : tidied(card ?? "");
  return value === "" ? [] : [{ system: "resident-id", value }];
}

function assistanceOf({ assistance = [] }: Values): Pick<PatientNew, "assistance"> {
  if (assistance.length === 0) return {};
  return { assistance: assistance.map(({ category, from, to }) => ({ category, from, ...filled("to", to) })) };
}

function bodyOf(values: Values): PatientNew {
  return {
    name: values.name?.trim() ?? "",
    sex: values.sex ?? "unknown",
    identifiers: identifiersOf(values),
    ...filled("birth_date", values.birth_date),
    ...filled("phone", values.phone),
    ...filled("address", values.address),
    ...filled("allergies", values.allergies),
    ...(values.noCard === true ? { provisional: true } : {}),
    ...assistanceOf(values),
  };
}

interface Props {
  readonly onRegistered: (patient: Patient) => void;
  readonly onOpen: (patientId: string) => void;
  readonly onCancel: () => void;
  /** What was searched for in vain: a number goes to the card, anything else to the name. */
  readonly begin: string;
}

function initial(begin: string): Values {
  const text = begin.trim();
  if (/^\d{6,18}[xX]?$/.test(text)) return { card: text };
  return /\p{Script=Han}/u.test(text) ? { name: text } : {};
}

/** Refuses anything but a good number, unless there is no card. */
function useCardRule(noCard: boolean, today: string) {
  const { t } = useTranslation();
  return {
    validator: (_rule: unknown, value: string | undefined) => {
      const read = readId(value ?? "", today);
      if (noCard || read.at === "good") return Promise.resolve();
      const words = read.at === "wrong" ? t(`errors.${read.fault}.text`) : t("record.register.cardNeeded");
      return Promise.reject(new Error(words));
    },
    validateTrigger: "onSubmit",
  };
}

function CardFields({ today }: { today: string }) {
  const { t } = useTranslation();
  const form = Form.useFormInstance<Values>();
  const noCard = Form.useWatch("noCard", form) === true;
  const card = Form.useWatch("card", form) ?? "";
  const rule = useCardRule(noCard, today);
  return (
    <>
      <Form.Item
        name="card"
        label={t("record.register.card")}
        className="register-wide"
        extra={<IdHint raw={noCard ? "" : card} today={today} />}
        rules={[rule]}
      >
        <Input disabled={noCard} autoComplete="off" maxLength={24} />
      </Form.Item>
      <Form.Item name="noCard" valuePropName="checked" className="register-wide">
        <Checkbox>{t("record.register.noCard")}</Checkbox>
      </Form.Item>
    </>
  );
}

function PersonFields({ today }: { today: string }) {
  const { t } = useTranslation();
  return (
    <>
      <Form.Item
        name="name"
        label={t("record.register.name")}
        rules={[{ required: true, whitespace: true, message: t("errors.NAME_REQUIRED.text") }]}
      >
        <Input autoComplete="off" />
      </Form.Item>
      <Form.Item name="sex" label={t("record.register.sex")}>
        <Segmented<Sex>
          block
          aria-label={t("record.register.sex")}
          options={SEXES.map((value) => ({ value, label: t(`ui.sex.${value}`) }))}
        />
      </Form.Item>
      <Form.Item name="birth_date" label={t("record.register.born")}>
        <Input type="date" max={today} />
      </Form.Item>
      <Form.Item name="phone" label={t("record.register.phone")}>
        <Input inputMode="tel" autoComplete="off" />
      </Form.Item>
      <Form.Item name="address" label={t("record.register.address")}>
        <Input autoComplete="off" />
      </Form.Item>
      <Form.Item name="allergies" label={t("record.register.allergies")}>
        <Input autoComplete="off" placeholder={t("record.register.allergiesHint")} />
      </Form.Item>
    </>
  );
}

export function RegisterForm({ onRegistered, onOpen, onCancel, begin }: Props) {
  const { t } = useTranslation();
  const [form] = Form.useForm<Values>();
  const register = useMutation(patients.register);
  const today = civil(now()).date;
  const fillFromCard = ({ card }: Partial<Values>) => {
    const read = readId(card ?? "", today);
    if (read.at === "good") form.setFieldsValue({ sex: read.id.sex, birth_date: read.id.birthDate });
  };
  const words = (code: string, detail: string) => (isErrorCode(code) ? t(`errors.${code}.text`) : detail);
  const submit = (values: Values) => {
    register.mutate(
      { key: newKey(), body: bodyOf(values) },
      {
        onSuccess: onRegistered,
        onError: (failure) => {
          layOnFields(form, failure, words);
        },
      },
    );
  };
  return (
    <Form<Values>
      form={form}
      layout="vertical"
      initialValues={{ sex: "unknown", ...initial(begin) }}
      onValuesChange={fillFromCard}
      onFinish={submit}
      scrollToFirstError
    >
      <div className="register-grid">
        <CardFields today={today} />
        <PersonFields today={today} />
      </div>
      <AssistanceFields />
      {register.error instanceof Problem ? (
        <RegisterRefused problem={register.error} onOpen={onOpen} />
      ) : (
        <ProblemNote failure={register.error} />
      )}
      <div className="actions-bar">
        <Button type="primary" htmlType="submit" loading={register.isPending}>
          {t("record.register.submit")}
        </Button>
        <Button onClick={onCancel}>{t("record.register.cancel")}</Button>
      </div>
    </Form>
  );
}
