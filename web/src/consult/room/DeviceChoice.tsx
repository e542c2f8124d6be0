/** Which microphone or camera, where there is more than one. */
import { Select } from "antd";
import { useTranslation } from "react-i18next";
import type { Listed } from "./useDeviceList.ts";

interface Props {
  readonly kind: Listed["kind"];
  readonly list: readonly Listed[];
  readonly value: string | undefined;
  readonly onChoose: (id: string) => void;
}

export function DeviceChoice({ kind, list, value, onChoose }: Props) {
  const { t } = useTranslation();
  const options = list.filter((one) => one.kind === kind).map(({ id, label }) => ({ value: id, label }));
  if (options.length < 2) return <span className="mut s13">{options[0]?.label ?? ""}</span>;
  return (
    <Select
      className="cr-choice"
      aria-label={t(`room.check.${kind}`)}
      options={options}
      value={value ?? null}
      placeholder={t("room.devices.default")}
      onChange={onChoose}
    />
  );
}
