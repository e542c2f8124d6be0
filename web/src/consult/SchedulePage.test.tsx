/** A day of consults, in the order of the clock. */
import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { aConsult } from "../testing/consults.ts";
import { fakeHub } from "../testing/hub.ts";
import { ZHOUMIN } from "../testing/referrals.ts";
import { expectAccessible, renderPage } from "../testing/render.tsx";
import { SchedulePage } from "./SchedulePage.tsx";

const AT = { at: "/consults/schedule?day=2026-11-30", path: "/consults/schedule", user: ZHOUMIN };
const arranged = (id: string, hour: string) =>
  aConsult({
    id,
    state: "scheduled",
    begins_at: `2026-11-30T${hour}:00:00Z`,
    ends_at: `2026-11-30T${hour}:30:00Z`,
    experts: [{ id: "zhaoning", name: "赵宁" }],
  });

test("what is arranged stands in the order of the clock, with who comes and from where", async () => {
  const hub = fakeHub().answer("GET", "/api/v1/consults", {
    items: [arranged("c-2", "07"), arranged("c-1", "01")],
    next: null,
  });
  const { person } = renderPage(<SchedulePage />, AT);
  const links = await screen.findAllByRole("link", { name: /赵宁/ });
  expect(links.map((link) => link.getAttribute("href"))).toEqual(["/consults/c-1", "/consults/c-2"]);
  expect(links[0]).toHaveTextContent(/09:00–09:30.*石门镇卫生院/);
  expect(hub.heard.find(({ path }) => path === "/api/v1/consults")?.query.get("day")).toBe("2026-11-30");
  await expectAccessible();
  hub.answer("GET", "/api/v1/consults", { items: [], next: null });
  await person.click(screen.getByRole("button", { name: "后一天" }));
  expect(await screen.findByText("这一天没有会诊")).toBeVisible();
  expect(screen.getByLabelText("哪一天")).toHaveValue("2026-12-01");
});
