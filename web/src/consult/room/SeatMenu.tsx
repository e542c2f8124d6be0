/** The host's hand on one person, from her tile and from the list alike. */
import { App, Button, Dropdown, type MenuProps } from "antd";
import { Ellipsis } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Room, Seat } from "../../room/core/index.ts";
import { useRoom } from "./context.ts";
import { useSaying } from "./useSaying.ts";

type Act = "mute" | "camera" | "hand-over" | "remove";

/** What the hub lets me do with this person now, beside letting in. */
export function actsOn(seat: Seat, room: Room): readonly Act[] {
  return ACTS.filter((act) => IS_THERE[act](seat, room));
}

const ACTS = ["mute", "camera", "hand-over", "remove"] as const satisfies readonly Act[];

const IS_THERE: Readonly<Record<Act, (seat: Seat, room: Room) => boolean>> = {
  mute: ({ status, microphone }, { may }) => may.includes("mute") && status !== "waiting" && microphone,
  camera: ({ status, camera }, { may }) => may.includes("mute") && status !== "waiting" && camera,
  "hand-over": ({ id, status, role }, { may, host }) =>
    may.includes("hand-over") && status !== "waiting" && role === "expert" && id !== host,
  remove: (_seat, { may }) => may.includes("remove"),
};

function useActing(seat: Seat): (act: Act) => void {
  const { t } = useTranslation();
  const say = useSaying();
  const { modal } = App.useApp();
  return (act) => {
    switch (act) {
      case "mute":
        say({ type: "mute", seat: seat.id, kind: "microphone" });
        break;
      case "camera":
        say({ type: "mute", seat: seat.id, kind: "camera" });
        break;
      case "hand-over":
        say({ type: "hand-over", seat: seat.id });
        break;
      case "remove":
        void modal.confirm({
          title: t("room.people.removeTitle", { name: seat.name }),
          content: t("room.people.removeText"),
          okText: t("room.people.remove"),
          okButtonProps: { danger: true },
          onOk: () => {
            say({ type: "remove", seat: seat.id });
          },
        });
    }
  };
}

export function SeatMenu({ seat }: { seat: Seat }) {
  const { t } = useTranslation();
  const { room } = useRoom();
  const run = useActing(seat);
  const acts = actsOn(seat, room);
  if (acts.length === 0) return null;
  const words: Readonly<Record<Act, string>> = {
    mute: t("room.people.mute"),
    camera: t("room.people.cameraOff"),
    "hand-over": t("room.people.handOver"),
    remove: t("room.people.remove"),
  };
  const items: MenuProps["items"] = acts.map((act) => ({ key: act, label: words[act], danger: act === "remove" }));
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items,
        onClick: ({ key }) => {
          run(key as Act);
        },
      }}
    >
      <Button
        size="small"
        className="cr-menu"
        aria-label={t("room.tile.more", { name: seat.name })}
        icon={<Ellipsis aria-hidden="true" />}
      />
    </Dropdown>
  );
}
