/** Roles, each in one organization; a reader's in one of its centres. */
import { Button, Form, Select } from "antd";
import { Plus, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Organization, RoleName } from "../../api/types.ts";

export interface RoleValue {
  readonly role: RoleName;
  readonly organization_id: string;
  readonly centre_id?: string;
}

const ROLES: readonly RoleName[] = [
  "township-doctor",
  "technician",
  "family-doctor",
  "reporting-physician",
  "reviewing-physician",
  "consultant",
  "registrar",
  "referral-desk",
  "ward-nurse",
  "medical-affairs",
  "bureau",
  "auditor",
  "administrator",
];
const READERS: readonly (RoleName | undefined)[] = ["reporting-physician", "reviewing-physician"];

interface RowProps {
  readonly name: number;
  readonly places: readonly Organization[];
  readonly onRemove: (() => void) | null;
}

function CentreField({ name, places }: Pick<RowProps, "name" | "places">) {
  const { t } = useTranslation();
  const form = Form.useFormInstance<{ readonly roles: readonly Partial<RoleValue>[] }>();
  const here = Form.useWatch(["roles", name], form) as Partial<RoleValue> | undefined;
  const centres = places.find(({ id }) => id === here?.organization_id)?.centres ?? [];
  if (!READERS.includes(here?.role) || centres.length === 0) return null;
  return (
    <Form.Item
      name={[name, "centre_id"]}
      label={t("admin.place.centre")}
      rules={[{ required: true, message: t("admin.quarantine.centreNeeded") }]}
    >
      <Select options={centres.map((centre) => ({ value: centre.id, label: centre.name }))} />
    </Form.Item>
  );
}

function Row({ name, places, onRemove }: RowProps) {
  const { t } = useTranslation();
  return (
    <div className="role-row">
      <Form.Item
        name={[name, "role"]}
        label={t("admin.user.role")}
        rules={[{ required: true, message: t("admin.user.roleNeeded") }]}
      >
        <Select options={ROLES.map((value) => ({ value, label: t(`app.role.${value}`) }))} />
      </Form.Item>
      <Form.Item
        name={[name, "organization_id"]}
        label={t("admin.place.column.name")}
        rules={[{ required: true, message: t("admin.user.placeNeeded") }]}
      >
        <Select options={places.map((place) => ({ value: place.id, label: place.name }))} />
      </Form.Item>
      <CentreField name={name} places={places} />
      {onRemove !== null && (
        <Button
          type="text"
          icon={<X aria-hidden="true" />}
          aria-label={t("admin.user.removeRole")}
          onClick={onRemove}
        />
      )}
    </div>
  );
}

export function RoleFields({ places }: { places: readonly Organization[] }) {
  const { t } = useTranslation();
  return (
    <Form.List name="roles">
      {(fields, { add, remove }) => (
        <fieldset className="choice">
          <legend>{t("admin.user.roles")}</legend>
          {fields.map(({ key, name }) => (
            <Row
              key={key}
              name={name}
              places={places}
              onRemove={
                fields.length === 1
                  ? null
                  : () => {
                      remove(name);
                    }
              }
            />
          ))}
          <Button
            type="dashed"
            size="small"
            icon={<Plus aria-hidden="true" />}
            onClick={() => {
              add({});
            }}
          >
            {t("admin.user.addRole")}
          </Button>
        </fieldset>
      )}
    </Form.List>
  );
}
