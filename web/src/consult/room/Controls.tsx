/** The bar beneath: what is mine first, what is the host's apart, and leaving is not ending. */
import { App, Button, Dropdown } from "antd";
import {
  AudioLines,
  CircleDot,
  Ellipsis,
  Hand,
  LogOut,
  Mic,
  MicOff,
  MonitorUp,
  MonitorX,
  PhoneOff,
  Settings,
  Video,
  VideoOff,
  type LucideIcon,
} from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { instant } from "../../api/clock.ts";
import { Kbd } from "../../ui/Kbd.tsx";
import { useNow } from "../../ui/useNow.ts";
import { useScreen } from "../../ui/useScreen.ts";
import { useSpanText } from "../../ui/useSpanText.ts";
import { useRoom } from "./context.ts";
import { DeviceSheet } from "./DeviceSheet.tsx";
import { useActions, type Action } from "./useActions.ts";

const ICONS: Readonly<Record<Action["icon"], LucideIcon>> = {
  microphone: Mic,
  "microphone-off": MicOff,
  camera: Video,
  "camera-off": VideoOff,
  sound: AudioLines,
  screen: MonitorUp,
  "screen-off": MonitorX,
  hand: Hand,
  record: CircleDot,
  leave: LogOut,
  end: PhoneOff,
  settings: Settings,
};

/** A round button with its word beneath. */
function Round({ action }: { action: Action }) {
  const Icon = ICONS[action.icon];
  return (
    <button
      type="button"
      className={`cr-round cr-${action.look}`}
      aria-pressed={action.pressed}
      onClick={action.run}
      title={action.hint}
    >
      <span className="cr-disc">
        <Icon aria-hidden="true" />
      </span>
      <span>
        {action.words} {action.keys !== undefined && <Kbd keys={action.keys} />}
      </span>
    </button>
  );
}

function More({ actions }: { actions: readonly Action[] }) {
  const { t } = useTranslation();
  return (
    <Dropdown
      trigger={["click"]}
      placement="topRight"
      menu={{
        items: actions.map(({ name, words, look, icon }) => {
          const Icon = ICONS[icon];
          return { key: name, label: words, danger: look === "danger", icon: <Icon aria-hidden="true" /> };
        }),
        onClick: ({ key }) => actions.find(({ name }) => name === key)?.run(),
      }}
    >
      <button type="button" className="cr-round cr-plain">
        <span className="cr-disc">
          <Ellipsis aria-hidden="true" />
        </span>
        <span>{t("room.bar.more")}</span>
      </button>
    </Dropdown>
  );
}

/** Since when, and the number for when nothing helps. */
function Elapsed() {
  const { t } = useTranslation();
  const { room, phone } = useRoom();
  const now = useNow(1_000);
  const span = useSpanText();
  const began = Math.min(...room.seats.filter(({ status }) => status !== "waiting").map(({ since }) => instant(since)));
  return (
    <div className="cr-elapsed">
      <span>
        <b className="num">{Number.isFinite(began) ? span.digits(Math.max(0, now - began)) : "–"}</b>{" "}
        <span className="mut s13">{room.number}</span>
      </span>
      <span className="mut s12">{phone === "" ? t("room.bar.noPhone") : t("room.bar.phone", { phone })}</span>
    </div>
  );
}

/** Ending for all is asked first; it stands away from leaving. */
function useEnd() {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  return (end: () => void) => {
    void modal.confirm({
      title: t("room.bar.endTitle"),
      content: t("room.bar.endText"),
      okText: t("room.bar.end"),
      okButtonProps: { danger: true, type: "primary" },
      cancelText: t("room.bar.stay"),
      onOk: end,
    });
  };
}

const ON_A_PHONE: readonly string[] = ["microphone", "camera", "leave"];

/** On a phone three stand in the bar, unless there are no more. */
function laidOut(actions: readonly Action[], phone: boolean) {
  if (!phone || actions.length <= ON_A_PHONE.length)
    return { first: actions.filter(({ name }) => name !== "end"), more: [] };
  const isFirst = ({ name }: Action) => ON_A_PHONE.includes(name);
  return { first: actions.filter(isFirst), more: actions.filter((action) => !isFirst(action)) };
}

export function Controls() {
  const { t } = useTranslation();
  const phone = useScreen() === "phone";
  const [settings, setSettings] = useState(false);
  const end = useEnd();
  const actions = useActions({
    onSettings: () => {
      setSettings(true);
    },
    onEnd: end,
  });
  const { first, more } = laidOut(actions, phone);
  const ending = actions.find(({ name }) => name === "end");
  return (
    <div className="cr-bar" role="toolbar" aria-label={t("room.bar.label")}>
      {!phone && <Elapsed />}
      <div className="cr-rounds">
        {first.map((action) => (
          <Round key={action.name} action={action} />
        ))}
        {more.length > 0 && <More actions={more} />}
      </div>
      {!phone && (
        <div className="cr-end">
          {ending !== undefined && (
            <Button danger type="primary" size="large" icon={<PhoneOff aria-hidden="true" />} onClick={ending.run}>
              {ending.words}
            </Button>
          )}
        </div>
      )}
      {actions.some(({ name }) => name === "settings") && (
        <DeviceSheet
          open={settings}
          onClose={() => {
            setSettings(false);
          }}
        />
      )}
    </div>
  );
}
