/** The fields of the command sheets; each knows its words, its rule and its choices. */
import { Checkbox, Form, Input, InputNumber, Radio, Select } from "antd";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { ReferralCommand } from "../../api/resources/referrals.ts";
import type { Referral } from "../../api/types.ts";
import { referral } from "../../i18n/zh-CN/referral.ts";
import { BedField } from "./BedField.tsx";
import type { FieldName } from "./forms.ts";
import { PlaceField } from "./PlaceField.tsx";

interface Props {
  readonly field: FieldName;
  readonly ticket: Referral;
  readonly command: ReferralCommand;
}

const REQUIRED: readonly FieldName[] = [
  "text",
  "reason",
  "code",
  "department",
  "township",
  "level",
  "rank",
  "diagnosis",
  "summary",
  "medicines",
  "warning",
  "rehabilitation",
  "approved",
];
const LONG: readonly FieldName[] = [
  "text",
  "reason",
  "remark",
  "diagnosis",
  "treatment",
  "advice",
  "summary",
  "medicines",
  "warning",
  "rehabilitation",
];
const LEVELS = [
  { value: 1, word: "one" },
  { value: 2, word: "two" },
  { value: 3, word: "three" },
  { value: 4, word: "four" },
] as const;
const TICKS = ["medicinesThere", "equipmentThere"] as const;

const UPWARD_DECLINES = [
  "no-bed",
  "no-capability",
  "within-sender-scope",
  "wrong-department",
  "not-fit-for-transport",
  "other",
] as const;
const DOWNWARD_DECLINES = ["no-medicine", "no-equipment", "no-capability", "not-fit-for-transport", "other"] as const;

type Words = keyof typeof referral.field;
const isWord = (name: string): name is Words => Object.hasOwn(referral.field, name);

function useLabel({ field, command }: Props): string {
  const { t } = useTranslation();
  const own = `${field}-${command}`;
  return isWord(own) ? t(`referral.field.${own}`) : t(`referral.field.${field}`);
}

/** What is no text: choices and numbers, by name. */
function useControls({ ticket }: Props): Readonly<Partial<Record<FieldName, ReactElement>>> {
  const { t } = useTranslation();
  const declines = ticket.direction === "down" ? DOWNWARD_DECLINES : UPWARD_DECLINES;
  return {
    code: <Select options={declines.map((value) => ({ value, label: t(`referral.declineCode.${value}`) }))} />,
    hospital: <PlaceField kinds={["county", "higher", "township"]} without={ticket.to?.id ?? ""} />,
    township: <PlaceField kinds={["township", "village"]} without="" />,
    outside: <Input maxLength={200} />,
    department: <Input maxLength={60} />,
    vehicle: <Input maxLength={60} />,
    minutes: <InputNumber min={0} max={2880} suffix={t("referral.minute")} />,
    rank: <InputNumber min={1} max={10_000} />,
    level: (
      <Radio.Group
        options={LEVELS.map(({ value, word }) => ({ value, label: t(`referral.level.${word}`) }))}
        optionType="button"
      />
    ),
    firstVisit: <Input type="date" />,
    tier: (
      <Select
        options={(["red", "yellow", "green"] as const).map((value) => ({ value, label: t(`referral.tier.${value}`) }))}
      />
    ),
    approved: (
      <Radio.Group
        options={[
          { value: true, label: t("referral.approve") },
          { value: false, label: t("referral.disapprove") },
        ]}
      />
    ),
  };
}

function Tick({ field, label }: { field: FieldName; label: string }) {
  return (
    <Form.Item name={field} valuePropName="checked" noStyle>
      <Checkbox className="tk-tick">{label}</Checkbox>
    </Form.Item>
  );
}

export function Field(props: Props) {
  const { field, ticket, command } = props;
  const { t } = useTranslation();
  const label = useLabel(props);
  const control = useControls(props)[field];
  if (TICKS.some((tick) => tick === field)) return <Tick field={field} label={label} />;
  if (field === "bed") return <BedField ticket={ticket} command={command} />;
  const message = t("referral.needed", { what: label });
  return (
    <Form.Item
      name={field}
      label={label}
      dependencies={["code"]}
      rules={[
        ({ getFieldValue }) => ({
          // A code says enough, but for "other".
          required:
            REQUIRED.includes(field) &&
            (command !== "decline" || field === "code" || getFieldValue("code") === "other"),
          whitespace: LONG.includes(field),
          message,
        }),
      ]}
    >
      {control ?? <Input.TextArea rows={3} maxLength={4000} />}
    </Form.Item>
  );
}
