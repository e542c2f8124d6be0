/** Before a class sees a picture that may bear a name: whoever shows it looks first, and says so. */
import { Button, Modal } from "antd";
import { useTranslation } from "react-i18next";
import { useRoom } from "./context.ts";

export function Doubt() {
  const { t } = useTranslation();
  const { session, call } = useRoom();
  const { doubt } = call;
  const dont = () => {
    session.show(null);
  };
  return (
    <Modal
      title={t("room.class.doubtTitle")}
      open={doubt !== null}
      onCancel={dont}
      footer={
        <>
          <Button onClick={dont}>{t("room.class.doubtNo")}</Button>
          <Button
            type="primary"
            onClick={() => {
              if (doubt !== null) session.show({ ...doubt, checked: true });
            }}
          >
            {t("room.class.doubtYes")}
          </Button>
        </>
      }
    >
      <p>{t("room.class.doubtText")}</p>
    </Modal>
  );
}
