/** A person's way into the room and what she does there, with the test as the hub. */
import { act, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { keepInside, wasInside, type Inside } from "../../room/link/index.ts";
import { aConsult, anOpinion, ZHAONING } from "../../testing/consults.ts";
import { fakeHub } from "../../testing/hub.ts";
import { FakePeer, FakeSocket, FakeTrack, line, welcome, withoutNetwork } from "../../testing/peers.ts";
import { expectAccessible, renderPage } from "../../testing/render.tsx";
import { aLobby, aMessage, aRoom, aSeat, LI, PATIENT, ZHAO } from "../../testing/room.ts";
import { onScreen } from "../../testing/screen.ts";
import { RoomPage } from "./RoomPage.tsx";

const WAITS = aSeat({ id: "s-w", name: "马建国", role: "patient", status: "waiting", organization: "", title: "" });

function devices(answers: Partial<Record<"audio" | "video", string>> = {}) {
  const getUserMedia = (wish: MediaStreamConstraints) => {
    const kind = wish.audio === undefined ? "video" : "audio";
    const failure = answers[kind];
    if (failure !== undefined) return Promise.reject(new DOMException("", failure));
    return Promise.resolve({ getTracks: () => [new FakeTrack(kind)] });
  };
  const media = { getUserMedia, enumerateDevices: () => Promise.resolve([]), getDisplayMedia: () => undefined };
  vi.stubGlobal("navigator", {
    userAgent: "Chrome",
    mediaDevices: { ...media, addEventListener: () => undefined, removeEventListener: () => undefined },
  });
}

beforeEach(() => {
  withoutNetwork();
  devices();
  sessionStorage.clear();
  vi.stubGlobal("fetch", () => Promise.resolve(new Response("{}")));
  HTMLMediaElement.prototype.play = () => Promise.resolve();
});
afterEach(() => {
  vi.unstubAllGlobals();
});

function open() {
  const consult = aConsult({ state: "in-call", mode: "video" });
  fakeHub().answer("GET", "/api/v1/consults/{id}", consult).answer("GET", "/api/v1/consults/{id}/opinion", anOpinion());
  return renderPage(<RoomPage />, { user: ZHAONING, at: "/consults/c-1/room", path: "/consults/:id/room" });
}

const hub = (frame: object) => {
  act(() => {
    line().say(frame);
  });
};

async function inside(room = aRoom()) {
  const view = open();
  await view.person.click(await screen.findByRole("button", { name: "进入会诊室" }));
  act(() => {
    line().open();
    welcome(line());
  });
  hub({ type: "room", room });
  await screen.findByRole("toolbar", { name: "通话" });
  return view;
}

const said = (type: string) => line().last(type);

test("devices are tried first; what fails says why, and one gets in without a camera", async () => {
  devices({ video: "NotReadableError" });
  const { person } = open();
  expect(await screen.findByText(/被别的程序占着/)).toBeVisible();
  expect(await screen.findByText(/医院连得上/)).toBeVisible();
  expect(FakeSocket.opened).toHaveLength(1);
  act(() => {
    line().open();
  });
  expect(line().sent.map(({ type }) => type)).toEqual(["probe"]);
  await expectAccessible();
  await person.click(screen.getByRole("button", { name: "不开摄像头，先进去" }));
  act(() => {
    line().open();
  });
  hub({ type: "welcome", id: 1, seat: ZHAO.id, ice_servers: [], now: "2026-11-23T02:00:00Z" });
  hub({ type: "room", room: aRoom() });
  hub({ type: "media", epoch: 1 });
  expect(said("devices")).toMatchObject({ microphone: true, camera: false });
});

test("without a microphone one may still listen", async () => {
  devices({ audio: "NotAllowedError" });
  open();
  expect(await screen.findByText(/浏览器没有权限/)).toBeVisible();
  expect(await screen.findByRole("button", { name: "没有话筒，先进去听" })).toBeVisible();
});

test("whoever waits is told who, when and what now, and it turns at once", async () => {
  const { person } = open();
  await person.click(await screen.findByRole("button", { name: "进入会诊室" }));
  act(() => {
    line().open();
    welcome(line(), LI.id);
  });
  hub({ type: "lobby", lobby: aLobby({ begins_at: null }) });
  expect(await screen.findByText("主持的专家还没到，请别走开")).toBeVisible();
  expect(screen.getByText("有困难打 8888 0120")).toBeVisible();
  hub({ type: "lobby", lobby: aLobby({ host_here: true }) });
  expect(screen.getByText("赵宁 已到，马上请您进去")).toBeVisible();
  await expectAccessible();
});

test("everybody has a figure with a name and the line in words", async () => {
  await inside();
  hub({ type: "quality", seats: { [LI.id]: { rtt_ms: 300, loss: 0.08, kbit: 200, level: "fair" } } });
  expect(within(screen.getByRole("figure", { name: "李兰" })).getByText("稍卡，已降画质")).toBeVisible();
  hub({ type: "paused", seat: PATIENT.id, source: "camera", cause: "line" });
  expect(within(screen.getByRole("figure", { name: "李玉珍" })).getByText("只有声音")).toBeVisible();
  expect(screen.getByText("您的网络太慢，先保声音，画面停一停")).toBeVisible();
  expect(screen.queryByText("李玉珍 的网络太慢，传不了画面")).toBeNull();
  hub({ type: "quality", seats: { [PATIENT.id]: { rtt_ms: 900, loss: 0.2, kbit: 60, level: "poor" } } });
  expect(screen.getByText("李玉珍 的网络太慢，传不了画面")).toBeVisible();
  await expectAccessible();
});

test("the host lets in who is at the door, mutes, and asks before ending", async () => {
  const { person } = await inside(aRoom({ seats: [ZHAO, LI, WAITS] }));
  await person.click(screen.getByRole("button", { name: "请 马建国 进来" }));
  expect(said("admit")).toMatchObject({ seat: "s-w" });
  await person.click(screen.getByRole("button", { name: "对 李兰 的操作" }));
  await person.click(await screen.findByRole("menuitem", { name: "关掉话筒" }));
  expect(said("mute")).toMatchObject({ seat: LI.id, kind: "microphone" });
  await person.click(screen.getByRole("button", { name: "结束会诊" }));
  expect(said("end")).toBeUndefined();
  const dialog = await screen.findByRole("dialog");
  await person.click(within(dialog).getByRole("button", { name: "结束会诊" }));
  expect(said("end")).toBeDefined();
});

test("what the hub does not offer is not there", async () => {
  await inside(aRoom({ me: LI.id, may: ["chat"], seats: [ZHAO, LI, WAITS] }));
  for (const name of ["结束会诊", "录制", "请 马建国 进来", "对 赵宁 的操作"])
    expect(screen.queryByRole("button", { name })).toBeNull();
});

test("recording is asked of everybody, shown all the while, and taken back with one press", async () => {
  const { person } = await inside();
  await person.click(screen.getByRole("button", { name: "录制" }));
  expect(said("record")).toMatchObject({ on: true });
  hub({ type: "room", room: aRoom({ version: 2, recording: "asking" }) });
  const dialog = await screen.findByRole("dialog");
  await person.click(within(dialog).getByRole("button", { name: "同意录制" }));
  expect(said("consent")).toMatchObject({ recording: true });
  hub({ type: "room", room: aRoom({ version: 3, recording: "on", seats: [{ ...ZHAO, consent: true }, LI] }) });
  expect(await screen.findByText("正在录制")).toBeVisible();
  await person.click(screen.getByRole("button", { name: "我不同意再录了" }));
  expect(said("consent")).toMatchObject({ recording: false });
});

test("a message goes out with its own key and waits in sight when the line is down", async () => {
  const { person } = await inside();
  await person.click(screen.getByText("对话"));
  hub({ type: "chat", message: aMessage({ seat: LI.id, name: "李兰", role: "sender", text: "92/58" }) });
  expect(screen.getByText("92/58")).toBeVisible();
  await person.type(screen.getByRole("textbox", { name: "写给大家" }), "再测一次{Enter}");
  expect(said("chat")).toMatchObject({ text: "再测一次" });
  act(() => {
    line().drop();
  });
  expect(await screen.findByText("还没发出去，连上了会自动发")).toBeVisible();
  expect(screen.getByText(/正在重新接通/)).toBeVisible();
  expect(screen.getByRole("button", { name: /先离开/ })).toBeEnabled();
});

test("keys switch microphone and hand, never while somebody writes", async () => {
  const { person } = await inside();
  await person.keyboard("m");
  expect(await screen.findByRole("button", { name: /打开话筒/ })).toBeVisible();
  await person.keyboard("h");
  expect(said("hand")).toMatchObject({ up: true });
  await person.click(screen.getByText("对话"));
  await person.type(screen.getByRole("textbox", { name: "写给大家" }), "m");
  expect(screen.getByRole("button", { name: /打开话筒/ })).toBeVisible();
});

test("leaving is not ending: there is a way back, and everything of mine is off", async () => {
  const { person } = await inside();
  const media = FakePeer.made.length;
  await person.click(screen.getByRole("button", { name: /先离开/ }));
  expect(screen.getByText("会诊还没有结束，随时可以回来。")).toBeVisible();
  expect(FakePeer.made).toHaveLength(media);
  expect(wasInside("c-1")).toBeNull();
  await person.click(screen.getByRole("button", { name: "再进一次" }));
  expect(await screen.findByText("先试一下设备")).toBeVisible();
});

async function reloaded(kept: Partial<Inside>) {
  keepInside({ consult: "c-1", microphone: false, camera: false, chosen: {}, ...kept });
  open();
  await waitFor(() => {
    expect(FakeSocket.opened).toHaveLength(1);
  });
  expect(screen.queryByText("先试一下设备")).toBeNull();
}

test("a reload inside comes back without the device check, and what was off stays off", async () => {
  await reloaded({ microphone: true });
  act(() => {
    line().open();
    welcome(line());
  });
  hub({ type: "room", room: aRoom() });
  hub({ type: "media", epoch: 1 });
  expect(said("devices")).toMatchObject({ microphone: true, camera: false });
});

test("a reload opens the devices that were chosen", async () => {
  const wishes = vi.spyOn(navigator.mediaDevices, "getUserMedia");
  await reloaded({ camera: true, chosen: { camera: "second" } });
  expect(wishes.mock.calls).toMatchObject([[{ video: { deviceId: { exact: "second" } } }]]);
});

test("switched off inside is what a reload comes back with, and leaving the page is no reload", async () => {
  const { person, unmount } = await inside();
  await person.click(screen.getByRole("button", { name: /静音/ }));
  window.dispatchEvent(new Event("pagehide"));
  expect(wasInside("c-1")).toMatchObject({ microphone: false, camera: true });
  unmount();
  expect(wasInside("c-1")).toBeNull();
});

test("on a phone held upright everything is still there", async () => {
  onScreen("phone");
  const { person } = await inside(aRoom({ seats: [ZHAO, LI, WAITS] }));
  expect(screen.getByRole("button", { name: /静音/ })).toBeVisible();
  await person.click(screen.getByRole("button", { name: "更多" }));
  expect(await screen.findByRole("menuitem", { name: "结束会诊" })).toBeInTheDocument();
  await person.keyboard("{Escape}");
  await person.click(screen.getByText("人员"));
  expect(screen.getByText("在门外等")).toBeVisible();
});
