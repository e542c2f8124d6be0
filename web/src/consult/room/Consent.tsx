/** Asks in plain words whether I may be recorded; there is no way round an answer, and silence is no. */
import { Button, Modal } from "antd";
import { useTranslation } from "react-i18next";
import { useRoom } from "./context.ts";
import { useSaying } from "./useSaying.ts";

export function Consent() {
  const { t } = useTranslation();
  const { room, me } = useRoom();
  const say = useSaying();
  const answer = (recording: boolean) => () => {
    say({ type: "consent", recording });
  };
  return (
    <Modal
      open={room.recording === "asking" && me?.consent === null && me.role !== "observer"}
      title={t("room.consent.title")}
      closable={false}
      keyboard={false}
      mask={{ closable: false }}
      footer={[
        <Button key="no" onClick={answer(false)}>
          {t("room.consent.no")}
        </Button>,
        <Button key="yes" type="primary" onClick={answer(true)}>
          {t("room.consent.yes")}
        </Button>,
      ]}
    >
      {t("room.consent.text")}
    </Modal>
  );
}
