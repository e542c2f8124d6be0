/** Which centre, which kind, from where. */
import { Segmented, Select } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { centresOf, useUser } from "../../api/resources/session.ts";
import type { Order } from "../../api/types.ts";
import { useScreen } from "../../ui/useScreen.ts";
import type { Filters } from "./model.ts";

interface Props {
  readonly filters: Filters;
  readonly onChange: (changed: Partial<Filters>) => void;
  readonly rows: readonly Order[];
  readonly children: ReactNode;
}

const KINDS = ["ecg", "radiology", "imaging"] as const;

export function FilterBar({ filters, onChange, rows, children }: Props) {
  const { t } = useTranslation();
  const phone = useScreen() === "phone";
  const own = centresOf(useUser());
  const all = own.map(({ id }) => id).join(",");
  const scopes = [
    { value: all, label: t("reading.scope.own") },
    ...(own.length > 1 ? own.map(({ id, name }) => ({ value: id, label: name })) : []),
    { value: "", label: t("reading.scope.county") },
  ];
  const places = new Map(rows.map(({ organization }) => [organization.id, organization.name]));
  if (phone) return null;
  return (
    <div className="wl-filters">
      {own.length > 0 && (
        <Segmented
          aria-label={t("reading.scope.label")}
          options={scopes}
          value={filters.centre}
          onChange={(centre) => {
            onChange({ centre });
          }}
        />
      )}
      <Select
        aria-label={t("reading.kind")}
        value={filters.kind}
        style={{ minWidth: 116 }}
        options={[
          { value: "", label: t("reading.allKinds") },
          ...KINDS.map((value) => ({ value, label: t(`ui.kind.${value}`) })),
        ]}
        onChange={(kind) => {
          onChange({ kind });
        }}
      />
      <Select
        aria-label={t("reading.from")}
        value={filters.organization}
        style={{ minWidth: 150 }}
        options={[
          { value: "", label: t("reading.allPlaces") },
          ...[...places].map(([value, label]) => ({ value, label })),
        ]}
        onChange={(organization) => {
          onChange({ organization });
        }}
      />
      <span className="sp" />
      <span className="s13 mut">{t("reading.sorted")}</span>
      {children}
    </div>
  );
}
