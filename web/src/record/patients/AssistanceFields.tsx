/** Assistance categories with their dates: several per person, never a yes or no. */
import { Button, Form, Input, Select } from "antd";
import { Plus, X } from "lucide-react";
import { useTranslation } from "react-i18next";

export interface AssistanceValue {
  readonly category: string;
  readonly from: string;
  readonly to?: string;
}

const CATEGORIES = [
  "registered-poverty",
  "lifted-from-poverty",
  "relapse-monitored",
  "subsistence-allowance",
  "subsistence-borderline",
  "extreme-hardship",
] as const;

export function AssistanceFields() {
  const { t } = useTranslation();
  return (
    <Form.List name="assistance">
      {(fields, { add, remove }) => (
        <fieldset className="assistance">
          <legend>{t("record.register.assistance")}</legend>
          {fields.map(({ key, name }) => (
            <div key={key} className="assistance-row">
              <Form.Item
                name={[name, "category"]}
                label={t("record.register.category")}
                rules={[{ required: true, message: t("record.register.categoryNeeded") }]}
              >
                <Select options={CATEGORIES.map((value) => ({ value, label: t(`record.assistance.${value}`) }))} />
              </Form.Item>
              <Form.Item
                name={[name, "from"]}
                label={t("record.register.from")}
                rules={[{ required: true, message: t("record.register.fromNeeded") }]}
              >
                <Input type="date" />
              </Form.Item>
              <Form.Item name={[name, "to"]} label={t("record.register.to")}>
                <Input type="date" />
              </Form.Item>
              <Button
                type="text"
                icon={<X aria-hidden="true" />}
                aria-label={t("record.register.removeAssistance")}
                onClick={() => {
                  remove(name);
                }}
              />
            </div>
          ))}
          <Button
            type="dashed"
            size="small"
            icon={<Plus aria-hidden="true" />}
            onClick={() => {
              add({});
            }}
          >
            {t("record.register.addAssistance")}
          </Button>
        </fieldset>
      )}
    </Form.List>
  );
}
