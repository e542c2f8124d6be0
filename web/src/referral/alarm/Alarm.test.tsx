/** The green channel at the desk: seen without a sound, heard after a hand allowed it, silent once answered. */
import { screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { aDesk, detailOf, MA, WANG, YANG } from "../../testing/desk.ts";
import type { FakeHub } from "../../testing/hub.ts";
import { ZHOUMIN } from "../../testing/referrals.ts";
import { renderPage } from "../../testing/render.tsx";
import { ReferralsPage } from "../desk/ReferralsPage.tsx";
import { loudness } from "./tone.ts";

const asDesk = { user: ZHOUMIN, at: "/referrals", path: "/referrals/:id?" };
let hub: FakeHub;

beforeEach(() => {
  hub = aDesk([MA, WANG, YANG]);
});

async function open() {
  const view = renderPage(<ReferralsPage />, asDesk);
  await screen.findByRole("article", { name: /转诊单/ });
  return view;
}

afterEach(() => {
  vi.unstubAllGlobals();
});

const rows = () => within(screen.getByRole("list", { name: "待处理" })).getAllByRole("button");

it("stands as an alert without any sound, first in the list, and is answered by one button", async () => {
  hub.answer(
    "POST",
    "/api/v1/referrals/t-ma/acknowledge",
    detailOf(MA, { acknowledged_at: "2026-11-23T00:36:00Z", version: 5 }),
  );
  const { person } = await open();
  const band = screen.getByRole("alert", { name: "绿色通道" });
  expect(within(band).getByText("马建国")).toBeInTheDocument();
  expect(rows()[0]).toHaveTextContent("马建国");
  await person.click(within(band).getByRole("button", { name: "我来接收" }));
  await waitFor(() => {
    expect(hub.heard.some(({ path }) => path.endsWith("/t-ma/acknowledge"))).toBe(true);
  });
});

it("says of level Ⅰ that it is never declined, whatever the moment", async () => {
  await open();
  expect(await screen.findByRole("button", { name: "婉拒" })).toHaveAccessibleDescription(
    "Ⅰ / Ⅱ 级不能婉拒，须由医务部主任改送",
  );
});

it("sounds only after a hand allowed it, and says so", async () => {
  const resume = vi.fn(() => Promise.resolve());
  const node = { connect: () => node, start: vi.fn(), stop: vi.fn(), frequency: { value: 0 } };
  const param = { setValueAtTime: vi.fn(), linearRampToValueAtTime: vi.fn() };
  class Sound {
    readonly state = "running";
    readonly currentTime = 0;
    readonly destination = node;
    readonly resume = resume;
    readonly createOscillator = () => node;
    readonly createGain = () => ({ ...node, gain: param });
  }
  vi.stubGlobal("AudioContext", Sound);
  const { person } = renderPage(
    <>
      <span id="top-slot" />
      <ReferralsPage />
    </>,
    asDesk,
  );
  await screen.findByRole("alert", { name: "绿色通道" });
  expect(node.start).not.toHaveBeenCalled();
  await person.click(screen.getByRole("button", { name: "点一下，打开紧急提示音" }));
  expect(await screen.findByRole("button", { name: "紧急提示音 开", pressed: true })).toBeInTheDocument();
  expect(node.start).toHaveBeenCalled();
});
it("grows louder by a step a minute, and never beyond what ears bear", () => {
  expect([0, 1, 2, 60].map(loudness)).toEqual([0.15, 0.25, 0.35, 0.8]);
});
