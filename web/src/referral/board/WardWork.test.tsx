/** What wards do on the board: block, let out, hold from a sheet, admit, confirm; and a Ⅰ that takes a hold back. */
import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { aBedHold, aMorning, FREE, held, LATER, MA, NEEDS, TAKEN } from "../../testing/beds.ts";
import { aBed, aBoard, aReferral, aReferralPage, COUNTY_HOSPITAL, ZHOUMIN } from "../../testing/referrals.ts";
import { renderPage } from "../../testing/render.tsx";
import { BedsPage } from "./BedsPage.tsx";

const asDesk = { user: ZHOUMIN, at: "/beds", path: "/beds" };
const bedNamed = (name: string | RegExp) => screen.findByRole("button", { name });

describe("the ward's work", () => {
  it("blocks a bed with a reason and an end in the county's time", async () => {
    const bed = aBed({ ...FREE, commands: [{ name: "block", allowed: true }] });
    const hub = aMorning({ beds: [bed] }).answer("POST", "/api/v1/beds/b-1/block", { ...bed, state: "blocked" });
    const { person } = renderPage(<BedsPage />, asDesk);
    await person.click(await bedNamed(/呼吸-01/));
    await person.click(await screen.findByRole("button", { name: "停用" }));
    await person.type(screen.getByRole("textbox", { name: "原因" }), "监护仪维修");
    await person.type(screen.getByLabelText("到什么时候"), "2026-11-25T17:00");
    await person.click(screen.getByRole("button", { name: "停用" }));
    await screen.findByText("呼吸-01 已停用");
    const sent = hub.heard.find(({ method }) => method === "POST");
    expect(sent?.body).toEqual({ reason: "监护仪维修", until: "2026-11-25T17:00:00+08:00" });
  });

  it("offers only what the hub offers, and lets somebody out only when asked twice", async () => {
    const bed = {
      ...TAKEN,
      commands: [
        { name: "vacate", allowed: true } as const,
        { name: "clean", allowed: false, reason: "STATE" } as const,
      ],
    };
    const hub = aMorning({ beds: [bed] }).answer("POST", "/api/v1/beds/b-3/vacate", bed);
    const { person } = renderPage(<BedsPage />, asDesk);
    await person.click(await bedNamed(/呼吸-03/));
    expect(screen.queryByRole("button", { name: "清洁好了" })).not.toBeInTheDocument();
    await person.click(await screen.findByRole("button", { name: "病人离开了" }));
    expect(hub.heard.some(({ method }) => method === "POST")).toBe(false);
    await person.click(await screen.findByRole("button", { name: "病人离开了" }));
    expect(await screen.findByText("呼吸-03 待清洁")).toBeInTheDocument();
  });

  it("holds from the bed's sheet for the first who suits", async () => {
    const hub = aMorning().answer("POST", "/api/v1/referrals/t-ma/hold-bed", held(MA, FREE));
    const { person } = renderPage(<BedsPage />, asDesk);
    await screen.findByRole("button", { name: "拿起马建国，选床留给病人" });
    await person.click(await bedNamed(/呼吸-01/));
    const dialog = await screen.findByRole("dialog");
    expect(within(dialog).getByRole("radio", { name: /马建国/ })).toBeChecked();
    await person.click(within(dialog).getByRole("button", { name: "留床" }));
    await screen.findByText(/呼吸-01 已留给 马建国/);
    expect(hub.heard.find(({ method }) => method === "POST")?.body).toEqual({ bed_id: "b-1", reason: "" });
  });

  it("admits who has arrived, and confirms a ward whose board is old", async () => {
    const come = aReferral({
      id: "t-in",
      state: "arrived",
      to: COUNTY_HOSPITAL,
      needs: NEEDS,
      commands: [{ name: "admit", allowed: true }],
    });
    const bed = aBed({ ...FREE, commands: [{ name: "confirm", allowed: true }] });
    const board = aBoard([bed]);
    const stale = { ...board, wards: board.wards.map((ward) => ({ ...ward, stale: true })) };
    const hub = aMorning({ beds: [bed] })
      .answer("GET", "/api/v1/beds", stale)
      .answer("GET", "/api/v1/referrals", aReferralPage([come]))
      .answer("POST", "/api/v1/referrals/t-in/admit", { ...come, state: "admitted", version: 5 })
      .answer("POST", "/api/v1/wards/C01-RESP/confirm", board);
    const { person } = renderPage(<BedsPage />, asDesk);
    const strip = await screen.findByRole("region", { name: /到院和出院/ });
    await person.click(within(strip).getByRole("button", { name: "办入院" }));
    await waitFor(() => {
      expect(hub.heard.find(({ path }) => path.endsWith("/admit"))?.body).toEqual({ bed_id: "b-1" });
    });
    expect(screen.getByText(/请护士站核对/)).toBeInTheDocument();
    await person.click(screen.getByRole("button", { name: "确认呼吸内科的床位属实" }));
    await waitFor(() => {
      expect(hub.heard.some(({ path }) => path === "/api/v1/wards/C01-RESP/confirm")).toBe(true);
    });
  });

  it("takes a hold back for a Ⅰ only when a named person confirms it", async () => {
    const kept = aBed({ id: "b-5", label: "呼吸-05", state: "held", hold: aBedHold({ id: "h-5", expires_at: LATER }) });
    const urgent = aReferral({ ...MA, triage_level: 1 });
    const allotted = [{ ticket_id: "t-ma", bed_id: null, pre_emption_bed_id: "b-5", pre_emption_hold_id: "h-5" }];
    const hub = aMorning({ beds: [kept], tickets: [urgent], allotted }).answer(
      "POST",
      "/api/v1/bed-holds/h-5/pre-empt",
      {},
    );
    const { person } = renderPage(<BedsPage />, asDesk);
    const band = await screen.findByRole("region", { name: "R-2611-0387 马建国 没有空床" });
    expect(band).toHaveTextContent("可收回 呼吸-05 的留床");
    await person.click(within(band).getByRole("button", { name: "收回给Ⅰ级，周敏确认" }));
    await screen.findByText(/呼吸-05 已让给 马建国/);
    expect(hub.heard.find(({ method }) => method === "POST")?.body).toEqual({ ticket_id: "t-ma" });
  });
});
