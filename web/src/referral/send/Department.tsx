/** Which department: of those that the hospitals have; and a hospital outside the network by its name. */
import { AutoComplete, Checkbox, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import type { Writing } from "./Ride.tsx";

export function Department({ it, set, offered }: Writing & { offered: readonly string[] }) {
  const { t } = useTranslation();
  return (
    <div className="rf-two">
      <Form.Item label={t("refer.where.department")} htmlFor="rf-department">
        <AutoComplete
          id="rf-department"
          size="large"
          value={it.department}
          options={offered.map((value) => ({ value }))}
          showSearch={{ filterOption: (typed, option) => (option?.value ?? "").includes(typed) }}
          onChange={(department) => {
            set({ department, to: null });
          }}
        />
      </Form.Item>
      <Form.Item label={t("refer.where.outside")} htmlFor="rf-outside">
        <Input
          id="rf-outside"
          size="large"
          placeholder={t("refer.where.outsideHint")}
          value={it.outside}
          onChange={(event) => {
            set({ outside: event.target.value });
          }}
        />
      </Form.Item>
      <Checkbox
        checked={it.isolation}
        onChange={(event) => {
          set({ isolation: event.target.checked });
        }}
      >
        {t("refer.where.isolation")}
      </Checkbox>
    </div>
  );
}
