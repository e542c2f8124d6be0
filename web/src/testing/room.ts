/** The people of a consult's room, and what the hub says of them. */
import type { Lobby, Message, Room, Seat } from "../room/core/index.ts";

export function aSeat(of: Partial<Seat> = {}): Seat {
  return {
    id: "s-lilan",
    user_id: "lilan",
    name: "李兰",
    role: "sender",
    title: "执业助理",
    organization: "石门镇卫生院",
    status: "inside",
    microphone: true,
    camera: true,
    screen: false,
    silenced: [],
    hand: false,
    consent: null,
    since: "2026-11-23T01:04:00Z",
    ...of,
  };
}

export const ZHAO = aSeat({
  id: "s-zhao",
  user_id: "zhaoning",
  name: "赵宁",
  role: "host",
  title: "副主任",
  organization: "云岭县人民医院",
});
export const LI = aSeat();
export const PATIENT = aSeat({
  id: "s-patient",
  user_id: null,
  name: "李玉珍",
  role: "patient",
  title: "",
  organization: "",
});

export function aRoom(of: Partial<Room> = {}): Room {
  return {
    consult_id: "c-1",
    number: "H-2611-0001-H",
    version: 1,
    state: "in-call",
    me: ZHAO.id,
    host: ZHAO.id,
    locked: false,
    teaching: false,
    patient: { name: "李玉珍", sex: "female", age: 64 },
    begins_at: null,
    recording: "off",
    view: null,
    seats: [ZHAO, LI, PATIENT],
    may: ["admit", "mute", "remove", "lock", "hand-over", "record", "end", "view", "chat"],
    ...of,
  };
}

export function aLobby(of: Partial<Lobby> = {}): Lobby {
  return {
    number: "H-2611-0001-H",
    organization: "云岭县人民医院",
    experts: [{ name: "赵宁", title: "副主任", organization: "云岭县人民医院" }],
    begins_at: "2026-11-23T01:05:00Z",
    host_here: false,
    state: "lobby-open",
    phone: "8888 0120",
    ...of,
  };
}

export function aMessage(of: Partial<Message> = {}): Message {
  const said = { text: "血压多少？", at: "2026-11-23T01:06:00Z" };
  return { key: "k-1", id: "m-1", seat: ZHAO.id, name: "赵宁", role: "host", ...said, ...of };
}
