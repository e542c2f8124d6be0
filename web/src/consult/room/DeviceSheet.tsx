/** Another microphone or camera in the middle of the call. */
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Sheet } from "../../ui/Sheet.tsx";
import { useRoom } from "./context.ts";
import { DeviceChoice } from "./DeviceChoice.tsx";
import { useDeviceList } from "./useDeviceList.ts";

const KINDS = ["microphone", "camera"] as const;

export function DeviceSheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const { session, call } = useRoom();
  const list = useDeviceList(open);
  return (
    <Sheet title={t("room.devices.title")} open={open} onClose={onClose}>
      <div className="col g12">
        {KINDS.map((kind) => (
          <div key={kind} className="col g4">
            <b>{t(`room.check.${kind}`)}</b>
            <DeviceChoice
              kind={kind}
              list={list}
              value={call.mine[kind].track?.getSettings().deviceId}
              onChoose={(id) => void session.choose(kind, id)}
            />
          </div>
        ))}
        <Button type="primary" onClick={onClose}>
          {t("room.devices.close")}
        </Button>
      </div>
    </Sheet>
  );
}
