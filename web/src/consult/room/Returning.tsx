/** After a reload: what was on is opened again without questions, what was off stays off, and we are back. */
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { obtain, type Got, type Inside } from "../../room/link/index.ts";
import type { Checked } from "./useCheck.ts";

interface Props {
  readonly inside: Inside;
  readonly onEnter: (checked: Checked) => void;
}

const OFF: Got = { track: null, why: "ready" };

export function Returning({ inside, onEnter }: Props) {
  const { t } = useTranslation();
  const enter = useRef(onEnter);
  useEffect(() => {
    enter.current = onEnter;
  });
  useEffect(() => {
    let over = false;
    const { chosen } = inside;
    const open = (kind: "microphone" | "camera") => (inside[kind] ? obtain(kind, chosen) : OFF);
    void Promise.all([open("microphone"), open("camera")]).then(([microphone, camera]) => {
      if (over) {
        microphone.track?.stop();
        camera.track?.stop();
      } else enter.current({ microphone: microphone.track, camera: camera.track, chosen });
    });
    return () => {
      over = true;
    };
  }, [inside]);
  return (
    <div className="cr-outside">
      <p role="status">{t("room.check.returning")}</p>
    </div>
  );
}
