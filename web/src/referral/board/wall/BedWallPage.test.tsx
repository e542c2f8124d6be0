import { screen, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { fakeHub } from "../../../testing/hub.ts";
import {
  aBed,
  aBoard,
  aReferral,
  aReferralPage,
  aTicketPatient,
  COUNTY_HOSPITAL,
  ZHOUMIN,
} from "../../../testing/referrals.ts";
import { expectAccessible, renderPage } from "../../../testing/render.tsx";
import { BedWallPage } from "./BedWallPage.tsx";

const GREEN = aReferral({
  id: "t-ma",
  triage_level: 1,
  state: "accepted",
  pathway: "chest-pain",
  patient: aTicketPatient({ assistance: ["registered-poverty"] }),
  timeline: { sent: "2026-11-23T00:33:00Z", accepted: "2026-11-23T00:33:00Z" },
});

function aWall() {
  fakeHub()
    .answer("GET", "/api/v1/organizations", {
      items: [{ ...COUNTY_HOSPITAL, kind: "county", beds: 312, closed_at: null, centres: [], version: 1 }],
    })
    .answer("GET", "/api/v1/beds", aBoard([aBed()]))
    .answer("GET", "/api/v1/referrals", aReferralPage([GREEN, aReferral({ id: "t-2", number: "R-2611-0391" })]));
  return renderPage(<BedWallPage />, { user: ZHOUMIN, at: "/beds/wall", path: "/beds/wall" });
}

it("shows numbers, places and steps, and nothing about whom", async () => {
  const { container } = aWall();
  const row = await screen.findByRole("row", { name: /0391/ });
  expect(within(row).getByText("石门镇")).toBeInTheDocument();
  expect(within(row).getByText("等接收")).toBeInTheDocument();
  expect(container.outerHTML).not.toMatch(/马建国|9901|肺炎|J18|贫困|registered/);
  await expectAccessible();
});

it("says in words that it rings, or that its sound is off, until somebody answers", async () => {
  aWall();
  const band = await screen.findByRole("alert");
  expect(band).toHaveTextContent(/绿色通道\s+胸痛 Ⅰ级/);
  expect(band).toHaveTextContent("声音没有开，请有人认领");
  expect(screen.getByRole("button", { name: "声音没有开，点这里打开" })).toBeInTheDocument();
});
