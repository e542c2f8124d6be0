/** Everything that can be done from the bar now: one record feeds buttons, menu and keys. What may not be done is absent. */
import { App } from "antd";
import { useTranslation } from "react-i18next";
import { keysOf } from "../../keys/bindings.ts";
import { useKeys } from "../../keys/useKeys.ts";
import type { Recording } from "../../room/core/index.ts";
import { canShareScreen } from "../../room/link/index.ts";
import { useRoom } from "./context.ts";
import { useSaying } from "./useSaying.ts";

export interface Action {
  readonly name: string;
  readonly words: string;
  readonly icon:
    | "microphone"
    | "microphone-off"
    | "camera"
    | "camera-off"
    | "sound"
    | "screen"
    | "screen-off"
    | "hand"
    | "record"
    | "leave"
    | "end"
    | "settings";
  readonly look: "plain" | "off" | "on" | "leave" | "danger";
  readonly pressed?: boolean;
  readonly keys?: string;
  readonly hint?: string;
  readonly run: () => void;
}

const RECORD = {
  off: "room.bar.recordOn",
  asking: "room.bar.recordAsking",
  on: "room.bar.recordOff",
} as const satisfies Record<Recording, string>;

/** A device with its two faces. */
function useDeviceAction(name: "microphone" | "camera", words: { readonly on: string; readonly off: string }): Action {
  const { session, call } = useRoom();
  const { on } = call.mine[name];
  return {
    name,
    words: on ? words.off : words.on,
    icon: on ? name : `${name}-off`,
    look: on ? "plain" : "off",
    keys: keysOf("room", name),
    run: () => {
      session.seen();
      void session.turn(name, !on);
    },
  };
}

/** Microphone, camera, sound only. */
function useOwnActions(): readonly Action[] {
  const { t } = useTranslation();
  const { session, call } = useRoom();
  const { audioOnly } = call;
  const sound: Action = {
    name: "sound",
    words: t(audioOnly ? "room.bar.withPicture" : "room.bar.soundOnly"),
    icon: "sound",
    look: audioOnly ? "on" : "plain",
    pressed: audioOnly,
    run: () => void session.onlySound(!audioOnly),
  };
  return [
    useDeviceAction("microphone", { on: t("room.bar.microphoneOn"), off: t("room.bar.microphoneOff") }),
    useDeviceAction("camera", { on: t("room.bar.cameraOn"), off: t("room.bar.cameraOff") }),
    sound,
  ];
}

function useHand(): Action {
  const { t } = useTranslation();
  const { me } = useRoom();
  const say = useSaying();
  const up = me?.hand === true;
  return {
    name: "hand",
    words: t(up ? "room.bar.handDown" : "room.bar.handUp"),
    icon: "hand",
    look: up ? "on" : "plain",
    pressed: up,
    keys: keysOf("room", "hand"),
    run: () => {
      say({ type: "hand", up: !up });
    },
  };
}

/** Screen, hand, recording. */
function useRoomActions(): readonly Action[] {
  const { t } = useTranslation();
  const { call, room } = useRoom();
  const share = useSharing();
  const say = useSaying();
  const shares = call.mine.screen !== null;
  const off = room.recording === "off";
  const screen: Action = {
    name: "screen",
    words: t(shares ? "room.bar.screenOff" : "room.bar.screenOn"),
    icon: shares ? "screen-off" : "screen",
    look: shares ? "on" : "plain",
    run: () => {
      share(!shares);
    },
  };
  const record: Action = {
    name: "record",
    words: t(RECORD[room.recording]),
    icon: "record",
    look: off ? "plain" : "on",
    run: () => {
      say({ type: "record", on: off });
    },
  };
  return [...(canShareScreen() ? [screen] : []), useHand(), ...(room.may.includes("record") ? [record] : [])];
}

/** Whoever looks on sends nothing. */
const OF_A_CLASS: readonly string[] = ["sound", "hand"];

/** Whoever looks on sees the screen as it is, names and all. */
function useSharing(): (on: boolean) => void {
  const { t } = useTranslation();
  const { session, room } = useRoom();
  const { modal } = App.useApp();
  return (on) => {
    if (!on || !room.teaching) {
      void session.share(on);
      return;
    }
    void modal.confirm({
      title: t("room.class.screenTitle"),
      content: t("room.class.screenText"),
      okText: t("room.bar.screenOn"),
      onOk: () => void session.share(true),
    });
  };
}

interface Ways {
  readonly onSettings: () => void;
  readonly onEnd: (end: () => void) => void;
}

export function useActions({ onSettings, onEnd }: Ways): readonly Action[] {
  const { t } = useTranslation();
  const { session, room, me } = useRoom();
  const say = useSaying();
  const mine = [...useOwnActions(), ...useRoomActions()];
  const looksOn = me?.role === "observer";
  const own = looksOn ? mine.filter(({ name }) => OF_A_CLASS.includes(name)) : mine;
  const runOf = (name: string) => () => own.find((action) => action.name === name)?.run();
  useKeys("room", {
    microphone: runOf("microphone"),
    camera: runOf("camera"),
    hand: runOf("hand"),
    talk: () => document.getElementById("room-talk")?.focus(),
  });
  const settings: Action = {
    name: "settings",
    words: t("room.bar.settings"),
    icon: "settings",
    look: "plain",
    run: onSettings,
  };
  const end: Action = {
    name: "end",
    words: t("room.bar.end"),
    icon: "end",
    look: "danger",
    run: () => {
      onEnd(() => {
        say({ type: "end" });
      });
    },
  };
  return [
    ...own,
    ...(looksOn ? [] : [settings]),
    {
      name: "leave",
      words: t("room.bar.leave"),
      icon: "leave",
      look: "leave",
      run: () => {
        session.leave();
      },
    },
    ...(room.may.includes("end") ? [end] : []),
  ];
}
