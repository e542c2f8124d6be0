/** A visit: refused on the device, urgent at 180 or 110, and the next one afterwards. */
import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { fakeHub } from "../../testing/hub.ts";
import { aFollowUp } from "../../testing/referrals.ts";
import { expectAccessible, renderPage } from "../../testing/render.tsx";
import { FollowUpPage } from "./FollowUpPage.tsx";

const PLACES = [
  { id: "T01", name: "石门镇卫生院", kind: "township", phone: "8801 0120", parent_id: "C01" },
  { id: "V0101", name: "石门村卫生室", kind: "village", phone: "8801 0101", parent_id: "T01" },
];
const VILLAGE = { organization: { id: "V0101", name: "石门村卫生室" } };
const BEFORE = aFollowUp({
  id: "f-0",
  state: "done",
  done_at: "2026-11-20T02:00:00Z",
  form: { systolic: 152, diastolic: 92 },
  assessment: { controlled: false, urgent: false, next_due: "2026-12-04", suggestions: [] },
});

function hub() {
  return fakeHub()
    .answer("GET", "/api/v1/follow-ups/{id}", aFollowUp(VILLAGE))
    .answer("GET", "/api/v1/follow-ups", { items: [BEFORE], overdue: 0 })
    .answer("GET", "/api/v1/organizations", { items: PLACES });
}

const page = () => renderPage(<FollowUpPage />, { at: "/follow-ups/f-1", path: "/follow-ups/:id" });

async function measured(systolic: string, diastolic: string) {
  const view = page();
  await view.person.type(await screen.findByRole("textbox", { name: "高压" }), systolic);
  await view.person.type(screen.getByRole("textbox", { name: "低压" }), diastolic);
  return view;
}

test("the last pressure stands beside the name", async () => {
  hub();
  page();
  expect(await screen.findByText("上次 152/92，未达标")).toBeVisible();
  await expectAccessible();
});

test("80/140 is upside down, and nothing is saved", async () => {
  const it = hub();
  const { person } = await measured("80", "140");
  const save = screen.getByRole("button", { name: "存好，下一个" });
  expect(save).toHaveAccessibleDescription("高低写反了：高压在前，低压在后");
  await person.click(save);
  expect(it.heard.filter(({ method }) => method === "POST")).toEqual([]);
});

test("186/112 raises the band with the township's phone", async () => {
  hub();
  await measured("186", "112");
  expect(screen.getByRole("alert")).toHaveTextContent("血压很高，要马上上转");
  expect(await screen.findByRole("link", { name: "打给石门镇卫生院" })).toHaveAttribute("href", "tel:88010120");
});

test("179/109 raises no band", async () => {
  hub();
  await measured("179", "109");
  expect(screen.queryByRole("alert")).not.toBeInTheDocument();
});

test("after saving stands when next, what to consider, and the ticket that was drafted", async () => {
  const assessment = {
    controlled: false,
    urgent: true,
    next_due: "2026-12-14",
    suggestions: [{ code: "refer-emergency", zh: "立即急诊上转", en: "refer up in an emergency now" }],
  };
  const done = { ...aFollowUp(), state: "done", assessment, next: null, drafted_referral_id: "t-7" };
  const it = hub().answer("POST", "/api/v1/follow-ups/f-1/complete", done);
  const { person } = await measured("186", "112");
  await person.click(screen.getByRole("radio", { name: "有时忘" }));
  await person.click(screen.getByRole("checkbox", { name: "剧烈头痛" }));
  await person.click(screen.getByRole("button", { name: "存好，下一个" }));
  expect(await screen.findByText("下一次 2026-12-14 前")).toBeVisible();
  expect(screen.getByText("未达标")).toBeVisible();
  expect(screen.getByRole("button", { name: "打开上转单，发出" })).toBeVisible();
  expect(it.heard.find(({ method }) => method === "POST")?.body).toMatchObject({
    systolic: 186,
    diastolic: 112,
    adherence: "intermittent",
    dangers: ["severe-headache"],
    mode: "home",
  });
});

test("without a line it is kept on the page, which says so, and goes by itself under one key", async () => {
  const done = { ...aFollowUp(), state: "done", assessment: null, next: null, drafted_referral_id: null };
  const it = hub().answer("POST", "/api/v1/follow-ups/f-1/complete", done);
  const { person } = await measured("132", "82");
  await person.click(screen.getByRole("radio", { name: "有时忘" }));
  it.cut();
  await person.click(screen.getByRole("button", { name: "存好，下一个" }));
  expect(await screen.findByText(/已存在这一页，有网自动送到石门村卫生室/)).toBeVisible();
  it.mend();
  expect(await screen.findByText(/的随访已存好/, {}, { timeout: 5_000 })).toBeVisible();
  expect(it.heard.filter(({ method }) => method === "POST")).toHaveLength(1);
}, 10_000);
