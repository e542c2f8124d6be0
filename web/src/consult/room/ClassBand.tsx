/** All the while somebody may look on: how many do, who of them has a question, and the end of it. */
import { App, Button } from "antd";
import { GraduationCap } from "lucide-react";
import { useTranslation } from "react-i18next";
import { observersOf } from "../../room/core/index.ts";
import { Note } from "../../ui/Note.tsx";
import { useRoom } from "./context.ts";
import { useSaying } from "./useSaying.ts";

export function ClassBand() {
  const { t } = useTranslation();
  const { room } = useRoom();
  const say = useSaying();
  const { modal } = App.useApp();
  const looking = observersOf(room);
  if (!room.teaching && looking.length === 0) return null;
  const asking = looking.filter(({ hand }) => hand).map(({ name }) => name);
  const end = () => {
    void modal.confirm({
      title: t("room.class.endTitle"),
      content: t("room.class.endText"),
      okText: t("room.class.end"),
      okButtonProps: { danger: true },
      onOk: () => {
        say({ type: "close-class" });
      },
    });
  };
  return (
    <Note icon={GraduationCap}>
      {t("room.class.band", { count: looking.length })}
      {asking.length > 0 && <b> {t("room.class.asking", { names: asking.join("、") })}</b>}{" "}
      {room.may.includes("close-class") && (
        <Button size="small" onClick={end}>
          {t("room.class.end")}
        </Button>
      )}
    </Note>
  );
}
