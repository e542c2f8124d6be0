/** The bed board as a desk uses it: named beds, a keyboard walk, a lost race, who is ahead, holds that end. */
import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { isoOf, now } from "../../api/clock.ts";
import { aBedHold, ALSO, aMorning, FREE, held, LATER, MA, SU, TAKEN, WOMEN } from "../../testing/beds.ts";
import { aBed, aBoard, ZHOUMIN } from "../../testing/referrals.ts";
import { expectAccessible, renderPage } from "../../testing/render.tsx";
import { BedsPage } from "./BedsPage.tsx";

const asDesk = { user: ZHOUMIN, at: "/beds", path: "/beds" };

/** Under test Ant Design gives every part the same id, so a dialog's name is another's: its title is read instead. */
async function dialogTitled(title: string): Promise<HTMLElement> {
  await screen.findByText(title);
  return screen.getByRole("dialog");
}

const bedNamed = (name: string | RegExp) => screen.findByRole("button", { name });

describe("the bed board", () => {
  it("names every bed with its state in words, says who waits and why, and is accessible", async () => {
    aMorning({ beds: [FREE, { ...WOMEN, pool: "reserved" }, TAKEN] });
    renderPage(<BedsPage />, asDesk);
    expect(await bedNamed("呼吸-01 空 男女均可")).toBeInTheDocument();
    expect(await bedNamed("呼吸-02 空 限女 优先")).toHaveTextContent("优先");
    expect(await bedNamed(/^呼吸-03 在住 丁\*兰 女/)).toBeInTheDocument();
    expect(screen.getByRole("heading", { name: "呼吸内科" })).toBeInTheDocument();
    const cards = within(await screen.findByRole("region", { name: "等床" })).getAllByRole("listitem");
    expect(cards[0]).toHaveTextContent("第 1：Ⅲ级，22 分：等待 20，路程 2");
    expect(screen.getByText("名额欠还 1", { exact: false })).toBeInTheDocument();
    await expectAccessible();
  });

  it("holds by keyboard alone: H lifts, arrows choose, Enter holds, and undo gives the bed back", async () => {
    const hub = aMorning()
      .answer("POST", "/api/v1/referrals/t-ma/hold-bed", held(MA, ALSO))
      .answer("POST", "/api/v1/bed-holds/h-9/release", {});
    const { person } = renderPage(<BedsPage />, asDesk);
    await bedNamed(/呼吸-01/);
    await screen.findByRole("button", { name: "拿起马建国，选床留给病人" });
    await person.keyboard("h");
    expect(await bedNamed(/呼吸-01/)).toHaveFocus();
    await person.keyboard("{ArrowRight}");
    expect(await bedNamed(/^呼吸-02 空 限女 +不合适：限女$/)).toHaveFocus();
    await person.keyboard("{ArrowRight}{ArrowRight}{Enter}");
    const sent = await waitFor(() => {
      const found = hub.heard.find(({ path }) => path.endsWith("/hold-bed"));
      if (found === undefined) throw new Error("nothing was held yet");
      return found;
    });
    expect(sent.body).toEqual({ bed_id: "b-4", reason: "" });
    expect(sent.headers.get("If-Match")).toBe('"4"');
    expect(await screen.findByText("呼吸-04 已留给 马建国，到 10:57")).toBeInTheDocument();
    await person.click(screen.getByRole("button", { name: "撤销" }));
    expect(await screen.findByText("呼吸-04 已放回")).toBeInTheDocument();
  });

  it("puts a card down with Escape and the focus goes back to it", async () => {
    const hub = aMorning();
    const { person } = renderPage(<BedsPage />, asDesk);
    const card = await screen.findByRole("button", { name: "拿起苏进财，选床留给病人" });
    await bedNamed(/呼吸-01/);
    await person.click(card);
    expect(card).toHaveAttribute("aria-pressed", "true");
    await person.keyboard("{Escape}");
    expect(card).toHaveFocus();
    expect(hub.heard.some(({ method }) => method === "POST")).toBe(false);
  });

  it("does not ask the hub about a bed whose tile speaks against it, and offers the next", async () => {
    const hub = aMorning();
    const { person } = renderPage(<BedsPage />, asDesk);
    await bedNamed(/呼吸-01/);
    await person.click(await screen.findByRole("button", { name: "拿起马建国，选床留给病人" }));
    await person.click(await bedNamed(/呼吸-02/));
    const dialog = await dialogTitled("呼吸-02 不合适");
    expect(within(dialog).getByText("呼吸-02 不合适：限女")).toBeInTheDocument();
    expect(within(dialog).getByRole("button", { name: "改留 呼吸-01（男女均可 普通床）" })).toBeInTheDocument();
    expect(hub.heard.some(({ method }) => method === "POST")).toBe(false);
  });

  it("says in the hub's own words why a bed does not fit", async () => {
    aMorning().refuse("POST", "/api/v1/referrals/t-ma/hold-bed", 422, "BED_UNSUITABLE", {
      zh: "呼吸-01 是儿童床",
      en: "呼吸-01 is for children",
    });
    const { person } = renderPage(<BedsPage />, asDesk);
    await bedNamed(/呼吸-01/);
    await person.click(await screen.findByRole("button", { name: "拿起马建国，选床留给病人" }));
    await person.click(await bedNamed(/呼吸-01/));
    expect(await screen.findByText("呼吸-01 是儿童床")).toBeInTheDocument();
  });

  it("tells who lost the race that the bed is gone, and holds the next best with one press", async () => {
    const hub = aMorning().refuse("POST", "/api/v1/referrals/t-ma/hold-bed", 409, "BED_TAKEN");
    const { person } = renderPage(<BedsPage />, asDesk);
    await bedNamed(/呼吸-01/);
    await person.click(await screen.findByRole("button", { name: "拿起马建国，选床留给病人" }));
    const gone = aBed({ ...FREE, state: "held", hold: aBedHold({ expires_at: LATER }) });
    hub.answer("GET", "/api/v1/beds", aBoard([gone, WOMEN, TAKEN, ALSO]));
    await person.click(await bedNamed(/呼吸-01/));
    await dialogTitled("呼吸-01 刚被留走");
    expect(await screen.findByText("留给 Ⅲ 王*兰，到 10:57")).toBeInTheDocument();
    hub.answer("POST", "/api/v1/referrals/t-ma/hold-bed", held(MA, ALSO));
    await person.click(screen.getByRole("button", { name: /改留 呼吸-04/ }));
    expect(await screen.findByText("呼吸-04 已留给 马建国，到 10:57")).toBeInTheDocument();
  });

  it("says who is ahead before a bed is held out of order, and takes a reason that may be left out", async () => {
    const allotted = [
      { ticket_id: "t-ma", bed_id: "b-1", pre_emption_bed_id: null, pre_emption_hold_id: null },
      { ticket_id: "t-su", bed_id: "b-4", pre_emption_bed_id: null, pre_emption_hold_id: null },
    ];
    const hub = aMorning({ allotted }).answer("POST", "/api/v1/referrals/t-su/hold-bed", held(SU, FREE));
    const { person } = renderPage(<BedsPage />, asDesk);
    await bedNamed(/呼吸-01/);
    await person.click(await screen.findByRole("button", { name: "拿起苏进财，选床留给病人" }));
    await person.click(await bedNamed(/呼吸-01/));
    const dialog = await dialogTitled("前面还有病人");
    expect(within(dialog).getByRole("listitem")).toHaveTextContent("第 1 马建国");
    expect(hub.heard.some(({ method }) => method === "POST")).toBe(false);
    await person.type(within(dialog).getByRole("textbox"), "随车医生在，先用近的床");
    await person.click(within(dialog).getByRole("button", { name: "仍然留给苏进财" }));
    await screen.findByText(/呼吸-01 已留给 苏进财/);
    expect(hub.heard.find(({ method }) => method === "POST")?.body).toEqual({
      bed_id: "b-1",
      reason: "随车医生在，先用近的床",
    });
  });

  it("shows a hold that has run out as free without asking anybody", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const soon = isoOf(now() + 90_000);
    const hub = aMorning({ beds: [aBed({ ...FREE, state: "held", hold: aBedHold({ expires_at: soon }) })] });
    renderPage(<BedsPage />, asDesk);
    expect(await bedNamed(/呼吸-01 已留 留给 Ⅲ 王\*兰/)).toBeInTheDocument();
    const asked = hub.heard.filter(({ path }) => path === "/api/v1/beds").length;
    await act(() => vi.advanceTimersByTimeAsync(91_000));
    expect(await bedNamed("呼吸-01 空 男女均可")).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "已留 0" })).toBeInTheDocument();
    expect(hub.heard.filter(({ path }) => path === "/api/v1/beds")).toHaveLength(asked);
    vi.useRealTimers();
  });
});
