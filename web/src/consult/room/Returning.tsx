/** After a reload: the devices are opened again without questions, and we are back. */
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { obtain } from "../../room/link/index.ts";
import type { Checked } from "./useCheck.ts";

export function Returning({ onEnter }: { onEnter: (checked: Checked) => void }) {
  const { t } = useTranslation();
  const enter = useRef(onEnter);
  useEffect(() => {
    enter.current = onEnter;
  });
  useEffect(() => {
    let over = false;
    void Promise.all([obtain("microphone"), obtain("camera")]).then(([microphone, camera]) => {
      if (over) {
        microphone.track?.stop();
        camera.track?.stop();
      } else enter.current({ microphone: microphone.track, camera: camera.track, chosen: {} });
    });
    return () => {
      over = true;
    };
  }, []);
  return (
    <div className="cr-outside">
      <p role="status">{t("room.check.returning")}</p>
    </div>
  );
}
