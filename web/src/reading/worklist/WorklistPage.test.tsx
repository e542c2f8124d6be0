/** The worklist as a reader uses it: rows, keys, a lost race, new rows behind the bar. */
import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { readingOrders } from "../../api/resources/reading-orders.ts";
import { anOrder, aPage, aPatient, WANGKE } from "../../testing/builders.ts";
import { expectAccessible, renderPage } from "../../testing/render.tsx";
import { fakeHub } from "../../testing/hub.ts";
import { WorklistPage } from "./WorklistPage.tsx";

const MA = anOrder({ id: "o-1" });
const SU = anOrder({ id: "o-2", priority: "routine", patient: aPatient({ id: "p-2", name: "苏进财" }) });
const HU = anOrder({ id: "o-3", patient: aPatient({ id: "p-3", name: "虎占山" }) });

const asReader = { user: WANGKE, at: "/worklist", path: "/worklist" };

describe("the worklist", () => {
  it("shows rows in the hub's order, asks for the reader's centre, and is accessible", async () => {
    const hub = fakeHub().answer("GET", "/api/v1/reading-orders", aPage([MA, SU]));
    renderPage(<WorklistPage />, asReader);
    const rows = await screen.findAllByRole("row");
    expect(rows.slice(1).map((row) => within(row).getByText(/马建国|苏进财/).textContent)).toEqual([
      "马建国",
      "苏进财",
    ]);
    expect(hub.heard.some(({ query }) => query.get("centre") === "C01-ECG")).toBe(true);
    expect(screen.getByRole("columnheader", { name: "剩余时间" })).toBeInTheDocument();
    await expectAccessible();
  });

  it("keeps rows under the hand and shows new ones when they are asked for", async () => {
    const hub = fakeHub().answer("GET", "/api/v1/reading-orders", aPage([MA, SU]));
    const { cache, person } = renderPage(<WorklistPage />, asReader);
    await screen.findAllByText("马建国");
    hub.answer("GET", "/api/v1/reading-orders", aPage([HU, MA, SU]));
    await cache.invalidateQueries({ queryKey: readingOrders.keys.lists });
    await screen.findByText("有 1 份新检查");
    expect(screen.queryByText("虎占山")).not.toBeInTheDocument();
    await person.keyboard(".");
    expect(await screen.findByRole("row", { name: /虎占山/ })).toBeInTheDocument();
    expect(screen.queryByText("有 1 份新检查")).not.toBeInTheDocument();
  });

  it("moves with J, claims with Enter, and says who was faster", async () => {
    const hub = fakeHub()
      .answer("GET", "/api/v1/reading-orders", aPage([MA, SU]))
      .refuse("POST", "/api/v1/reading-orders/o-2/claim", 409, "CLAIMED")
      .answer("GET", "/api/v1/reading-orders/o-2", { ...SU, events: [], contact: { name: "石门镇卫生院", phone: "" } });
    const { person } = renderPage(<WorklistPage />, asReader);
    await screen.findAllByText("马建国");
    await person.keyboard("j");
    await waitFor(() => {
      expect(screen.getByRole("row", { name: /苏进财/ })).toHaveFocus();
    });
    await person.keyboard("{Enter}");
    expect(await screen.findByText("别人正在看这一份")).toBeInTheDocument();
    expect(hub.heard.filter(({ method }) => method === "POST")).toHaveLength(1);
  });
});
