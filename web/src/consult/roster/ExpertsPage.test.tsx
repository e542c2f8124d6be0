/** The roster: everybody reads it, whoever may edit it sees how. */
import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { anExpert } from "../../testing/consults.ts";
import { fakeHub } from "../../testing/hub.ts";
import { expectAccessible, renderPage } from "../../testing/render.tsx";
import { ExpertsPage } from "./ExpertsPage.tsx";

const AT = { at: "/consults/experts", path: "/consults/experts" };
const MORNING = { weekday: 1, opens: "08:00", closes: "10:00" };

test("a township reads who may be invited and when, and changes nothing", async () => {
  fakeHub().answer("GET", "/api/v1/experts", {
    items: [anExpert({ hours: [MORNING] }), anExpert({ id: "linxia", name: "林夏", years: 2, may_answer: false })],
  });
  renderPage(<ExpertsPage />, AT);
  const house = await screen.findByRole("list", { name: "云岭县人民医院" });
  expect(within(house).getByText("周一 08:00–10:00")).toBeVisible();
  expect(within(house).getByText("独立工作 2 年，不满三年")).toBeVisible();
  expect(screen.queryByRole("button", { name: /修改|加一位/ })).not.toBeInTheDocument();
  await expectAccessible();
});

test("medical affairs changes hours over the version that was seen, and no hour ends before it begins", async () => {
  const hub = fakeHub()
    .answer("GET", "/api/v1/experts", { items: [anExpert({ may_edit: true, version: 4 })] })
    .answer("PUT", "/api/v1/experts/{id}", anExpert({ version: 5 }));
  const { person } = renderPage(<ExpertsPage />, AT);
  await person.click(await screen.findByRole("button", { name: "修改 赵宁" }));
  await person.click(await screen.findByRole("button", { name: "加一段时间" }));
  const closes = screen.getByLabelText("到");
  await person.clear(closes);
  await person.type(closes, "07:00");
  await person.click(screen.getByRole("button", { name: "确定" }));
  expect(await screen.findByText("结束要晚于开始")).toBeInTheDocument();
  await person.clear(closes);
  await person.type(closes, "11:30");
  await expectAccessible();
  await person.click(screen.getByRole("button", { name: "确定" }));
  await waitFor(() => {
    const sent = hub.heard.find(({ method }) => method === "PUT");
    expect(sent?.headers.get("If-Match")).toBe('"4"');
    expect(sent?.body).toMatchObject({
      organization_id: "C01",
      specialties: ["心内"],
      hours: [{ weekday: 1, opens: "08:00", closes: "11:30" }],
    });
  });
});

test("a consultant of the house is put on the roster by name", async () => {
  const hub = fakeHub()
    .answer("GET", "/api/v1/experts", { items: [anExpert({ may_edit: true })] })
    .answer("GET", "/api/v1/experts/candidates", { items: [{ id: "linxia", name: "林夏" }] })
    .answer("PUT", "/api/v1/experts/{id}", anExpert({ id: "linxia" }));
  const { person } = renderPage(<ExpertsPage />, AT);
  await person.click(await screen.findByRole("button", { name: "加一位专家" }));
  await person.click(await screen.findByRole("combobox", { name: "哪位" }));
  await person.click(await screen.findByTitle("林夏"));
  await person.type(await screen.findByRole("combobox", { name: "专业" }), "心内{Enter}");
  await person.type(screen.getByLabelText("从哪天起独立工作"), "2020-07-01");
  await person.click(screen.getByRole("button", { name: "确定" }));
  await waitFor(() => {
    const sent = hub.heard.find(({ method }) => method === "PUT");
    expect(sent?.path).toBe("/api/v1/experts/linxia");
    expect(sent?.headers.get("If-Match")).toBe('"0"');
    expect(sent?.body).toMatchObject({ practising_since: "2020-07-01", slot_minutes: 30, hours: [] });
  });
});
