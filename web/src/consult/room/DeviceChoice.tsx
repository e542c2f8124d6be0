/** Which microphone or camera, where there is more than one: the browser's own list, which every phone shows well. */
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
  const devices = list.filter((one) => one.kind === kind);
  if (devices.length < 2) return <span className="mut s13">{devices[0]?.label ?? ""}</span>;
  const chosen = devices.some(({ id }) => id === value) ? value : "";
  return (
    <select
      className="cr-choice"
      aria-label={t(`room.check.${kind}`)}
      value={chosen}
      onChange={(event) => {
        onChoose(event.target.value);
      }}
    >
      {chosen === "" && (
        <option value="" disabled>
          {t("room.devices.default")}
        </option>
      )}
      {devices.map(({ id, label }) => (
        <option key={id} value={id}>
          {label}
        </option>
      ))}
    </select>
  );
}
