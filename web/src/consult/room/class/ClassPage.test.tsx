/** A class: comes in by one press without devices, follows what is shown, asks, and is told no name. */
import { act, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { aClass } from "../../../testing/classes.ts";
import { fakeHub } from "../../../testing/hub.ts";
import { line, welcome, withoutNetwork } from "../../../testing/peers.ts";
import { expectAccessible, renderPage } from "../../../testing/render.tsx";
import { aRoom, aSeat, LI, PATIENT, ZHAO } from "../../../testing/room.ts";
import { onScreen } from "../../../testing/screen.ts";
import { ClassPage } from "./ClassPage.tsx";

const HE = aSeat({ id: "s-he", user_id: "helin", name: "何林", role: "observer", microphone: false, camera: false });
const UNNAMED = { ...PATIENT, name: "患者" };
const CLASS = aRoom({ me: HE.id, patient: null, teaching: true, seats: [ZHAO, LI, UNNAMED, HE], may: ["chat"] });
const SLICE = { kind: "study", study_uid: "1.2", series_uid: "1.2.3", instance_uid: "1.2.3.4", frame: 1, seq: 1 };
const METADATA = "/api/v1/classes/{id}/studies/{study}/series/{series}/instances/{instance}/metadata";
const METADATA_OF_12 = [{ "00080060": { vr: "CS", Value: ["CT"] }, "00200013": { vr: "IS", Value: [12] } }];
const asked = vi.fn();

/** Pictures that are there at once, or never. */
function pictures(come: boolean) {
  class FakePicture {
    onload: (() => void) | null = null;
    onerror: (() => void) | null = null;
    naturalWidth = 512;
    naturalHeight = 512;
    set src(address: string) {
      asked(address);
      queueMicrotask(() => {
        act(() => {
          (come ? this.onload : this.onerror)?.();
        });
      });
    }
  }
  vi.stubGlobal("Image", FakePicture);
}

beforeEach(() => {
  withoutNetwork();
  asked.mockClear();
  pictures(true);
  vi.stubGlobal("navigator", {
    userAgent: "Chrome",
    mediaDevices: {
      getUserMedia: () => {
        throw new Error("nobody who looks on is asked for a device");
      },
      addEventListener: () => undefined,
      removeEventListener: () => undefined,
    },
  });
  HTMLMediaElement.prototype.play = () => Promise.resolve();
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const hub = (frame: object) => {
  act(() => {
    line().say(frame);
  });
};

async function inside() {
  const answers = fakeHub().answer("GET", "/api/v1/classes/{id}", aClass()).answer("GET", METADATA, METADATA_OF_12);
  const view = renderPage(<ClassPage />, { at: "/consults/c-1/class", path: "/consults/:id/class" });
  await view.person.click(await screen.findByRole("button", { name: "进去旁听" }));
  act(() => {
    line().open();
    welcome(line(), HE.id);
  });
  hub({ type: "room", room: CLASS });
  await screen.findByRole("toolbar", { name: "通话" });
  return { ...view, hub: answers };
}

test("one press leads in, without a device check and without the host's hand", async () => {
  const { person } = await inside();
  expect(within(screen.getByRole("region", { name: "看什么" })).getByRole("figure", { name: "赵宁" })).toBeVisible();
  const speakers = within(screen.getByRole("region", { name: "谁在讲" }));
  expect(speakers.getAllByRole("button").map(({ textContent }) => textContent)).toHaveLength(3);
  expect(speakers.getByText("旁听 1 人")).toBeVisible();
  for (const name of [/静音/, /关画面/, /打开话筒/, "共享屏幕", "设备", "录制", "结束会诊", "结束旁听"])
    expect(screen.queryByRole("button", { name })).toBeNull();
  await person.keyboard("m");
  expect(line().last("devices")).not.toMatchObject({ microphone: true });
  await person.click(screen.getByRole("button", { name: /举手/ }));
  expect(line().last("hand")).toMatchObject({ up: true });
  await person.type(screen.getByRole("textbox", { name: "写给大家" }), "用药要调整吗{Enter}");
  expect(line().last("chat")).toMatchObject({ text: "用药要调整吗" });
  await person.click(speakers.getByRole("button", { name: /李兰/ }));
  expect(within(screen.getByRole("region", { name: "看什么" })).getByRole("figure", { name: "李兰" })).toBeVisible();
  await expectAccessible();
});

test("what is shown stands in the large place, the speaker beside it, each slice from the class's own address", async () => {
  await inside();
  hub({ type: "view", view: SLICE, by: ZHAO.id });
  expect(await screen.findByRole("figure", { name: "大家在看的图" })).toBeVisible();
  expect(asked).toHaveBeenCalledWith(
    "/api/v1/classes/c-1/studies/1.2/series/1.2.3/instances/1.2.3.4/frames/1/rendered",
  );
  expect(await screen.findByText("CT · 第 12 张")).toBeVisible();
  hub({ type: "view", view: { ...SLICE, frame: 2, window: { center: 40, width: 300 }, seq: 2 }, by: ZHAO.id });
  expect(asked).toHaveBeenLastCalledWith(expect.stringContaining("/frames/2/rendered?window=40.0,300.0"));
  hub({ type: "view", view: null, by: ZHAO.id });
  expect(screen.queryByRole("figure", { name: "大家在看的图" })).toBeNull();
});

test("a picture that waits for the host's look is said in words, and comes once she has looked", async () => {
  pictures(false);
  const { hub: answers } = await inside();
  answers.refuse("GET", METADATA, 409, "BURNED_IN");
  hub({ type: "view", view: SLICE, by: ZHAO.id });
  expect(await screen.findByText(/要主持人看过/)).toBeVisible();
  pictures(true);
  hub({ type: "view", view: { ...SLICE, checked: true, seq: 2 }, by: ZHAO.id });
  expect(await screen.findByRole("figure", { name: "大家在看的图" })).toBeVisible();
});

test("a picture that the line lost is tried again, and nobody is said to have to look", async () => {
  pictures(false);
  const { hub: answers } = await inside();
  answers.refuse("GET", METADATA, 503, "UNAVAILABLE");
  hub({ type: "view", view: SLICE, by: ZHAO.id });
  await waitFor(() => {
    expect(answers.heard.some(({ path }) => path.endsWith("/metadata"))).toBe(true);
  });
  expect(screen.queryByText(/要主持人看过/)).toBeNull();
  pictures(true);
  answers.answer("GET", METADATA, METADATA_OF_12);
  expect(await screen.findByRole("img", { name: "CT · 第 12 张" }, { timeout: 4_000 })).toBeInTheDocument();
});

test("whoever was sent out may knock, and a class that is over is over", async () => {
  const { person } = await inside();
  hub({ type: "ended", reason: "removed" });
  await person.click(await screen.findByRole("button", { name: "再进一次" }));
  await person.click(await screen.findByRole("button", { name: "进去旁听" }));
  act(() => {
    line().open();
    welcome(line(), HE.id);
  });
  hub({ type: "room", room: CLASS });
  hub({ type: "ended", reason: "class-over" });
  expect(await screen.findByText("旁听结束了")).toBeVisible();
  expect(screen.queryByRole("button", { name: "再进一次" })).toBeNull();
});

test("on a phone everything is still there", async () => {
  onScreen("phone");
  await inside();
  for (const name of [/举手/, /只用声音/, /先离开/]) expect(screen.getByRole("button", { name })).toBeVisible();
  expect(screen.getByRole("textbox", { name: "写给大家" })).toBeVisible();
});
