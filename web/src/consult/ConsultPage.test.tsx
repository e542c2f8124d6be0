/** A consult on its page: asked, taken on by who fits, written, signed, adopted. */
import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { aConsult, anExpert, anOpinion, ZHAONING } from "../testing/consults.ts";
import { fakeHub } from "../testing/hub.ts";
import { ZHOUMIN } from "../testing/referrals.ts";
import { expectAccessible, renderPage } from "../testing/render.tsx";
import { ConsultPage } from "./ConsultPage.tsx";

const AT = { at: "/consults/c-1", path: "/consults/:id" };
const may = (...names: readonly string[]) => names.map((name) => ({ name, allowed: true as const }));

test("the desk names an expert who fits, and no novice", async () => {
  const hub = fakeHub()
    .answer("GET", "/api/v1/consults/{id}", aConsult({ commands: may("triage", "refuse") }))
    .answer("GET", "/api/v1/experts", {
      items: [anExpert(), anExpert({ id: "linxia", name: "林夏", may_answer: false })],
    })
    .answer("POST", "/api/v1/consults/{id}/triage", aConsult({ state: "triaged", version: 2 }));
  const { person } = renderPage(<ConsultPage />, { ...AT, user: ZHOUMIN });
  expect(await screen.findByText("马建国 书面同意")).toBeVisible();
  await expectAccessible();
  await person.click(screen.getByRole("button", { name: "受理，定专家" }));
  await person.click(await screen.findByRole("combobox", { name: "专家，第一位主持并签名" }));
  await person.click(await screen.findByTitle("赵宁 副主任 心内"));
  expect(screen.queryByTitle(/林夏/)).not.toBeInTheDocument();
  await person.click(screen.getByRole("button", { name: "确定" }));
  await waitFor(() => {
    expect(hub.heard.find(({ method }) => method === "POST")?.body).toEqual({ experts: ["zhaoning"] });
  });
});

test("the desk offers times at which everybody of the panel is free", async () => {
  const slot = (id: string, hour: string) => ({
    expert: { id, name: id },
    begins_at: `2026-11-24T0${hour}:00:00Z`,
    ends_at: `2026-11-24T0${hour}:30:00Z`,
  });
  const experts = ["zhaoning", "guoheng"].map((id) => ({ id, name: id }));
  const hub = fakeHub()
    .answer("GET", "/api/v1/consults/{id}", aConsult({ experts, commands: may("offer-slots") }))
    .answer("GET", "/api/v1/slots", { items: [slot("zhaoning", "1"), slot("zhaoning", "2"), slot("guoheng", "2")] })
    .answer("POST", "/api/v1/consults/{id}/offer-slots", aConsult({ state: "slot-held" }));
  const { person } = renderPage(<ConsultPage />, { ...AT, user: ZHOUMIN });
  await person.click(await screen.findByRole("button", { name: "提供时间" }));
  await person.click(await screen.findByRole("button", { name: "确定" }));
  expect(await screen.findByText("选一个时间")).toBeInTheDocument();
  expect(screen.queryByRole("checkbox", { name: "09:00–09:30" })).not.toBeInTheDocument();
  await person.click(await screen.findByRole("checkbox", { name: "10:00–10:30" }));
  await expectAccessible();
  await person.click(screen.getByRole("button", { name: "确定" }));
  await waitFor(() => {
    const sent = hub.heard.find(({ method }) => method === "POST");
    expect(sent?.body).toEqual({ slots: [{ begins_at: "2026-11-24T02:00:00Z", ends_at: "2026-11-24T02:30:00Z" }] });
  });
  expect(hub.heard.find(({ path }) => path === "/api/v1/slots")?.query.get("room")).toBe("T01");
});

test("the township chooses one of the times that are kept for it", async () => {
  const slots = ["07", "08"].map((hour) => ({
    id: `s-${hour}`,
    begins_at: `2026-11-24T${hour}:00:00Z`,
    ends_at: `2026-11-24T${hour}:30:00Z`,
    held_until: "2026-11-24T00:10:00Z",
    booked: false,
  }));
  const hub = fakeHub()
    .answer("GET", "/api/v1/consults/{id}", aConsult({ state: "slot-held", slots, commands: may("choose-slot") }))
    .refuse("GET", "/api/v1/consults/{id}/opinion", 404, "NOT_FOUND")
    .answer("POST", "/api/v1/consults/{id}/choose-slot", aConsult({ state: "scheduled" }));
  const { person } = renderPage(<ConsultPage />, AT);
  expect(await screen.findByText(/11月24日.*15:00–15:30 · 11月24日.*16:00–16:30/)).toBeVisible();
  await person.click(screen.getByRole("button", { name: "选时间" }));
  await person.click(await screen.findByRole("radio", { name: /11月24日.*星期二.*16:00–16:30/ }));
  await person.click(screen.getByRole("button", { name: "确定" }));
  await waitFor(() => {
    expect(hub.heard.find(({ method }) => method === "POST")?.body).toEqual({ slot_id: "s-08" });
  });
});

test("the consent that an emergency owes is written down beside who approved it", async () => {
  const asked = aConsult().application;
  const consent = { ...asked?.consent, written: false, by: "", approved_by: "haiying", approval_reason: "昏迷" };
  const owed = aConsult({
    urgency: "emergency",
    version: 5,
    commands: may("edit"),
    application: { ...asked, consent } as NonNullable<typeof asked>,
  });
  const hub = fakeHub()
    .answer("GET", "/api/v1/consults/{id}", owed)
    .answer("PUT", "/api/v1/consults/{id}", aConsult({ version: 6 }));
  const { person } = renderPage(<ConsultPage />, AT);
  await person.click(await screen.findByRole("button", { name: "补书面同意" }));
  await person.click(await screen.findByRole("button", { name: "确定" }));
  expect(await screen.findByText("要写这一项")).toBeInTheDocument();
  await person.type(screen.getByRole("textbox", { name: "谁书面同意的" }), "马小军");
  await expectAccessible();
  await person.click(screen.getByRole("button", { name: "确定" }));
  await waitFor(() => {
    const sent = hub.heard.find(({ method }) => method === "PUT");
    expect(sent?.headers.get("If-Match")).toBe('"5"');
    expect(sent?.body).toMatchObject({
      purpose: "是否需要造影",
      consent: { written: true, by: "马小军", approved_by: "haiying", approval_reason: "昏迷" },
    });
  });
});

test("a refusal without a reason is not sent", async () => {
  const hub = fakeHub().answer("GET", "/api/v1/consults/{id}", aConsult({ commands: may("refuse") }));
  const { person } = renderPage(<ConsultPage />, { ...AT, user: ZHOUMIN });
  await person.click(await screen.findByRole("button", { name: "拒绝" }));
  await person.click(await screen.findByRole("button", { name: "确定" }));
  expect(await screen.findByText("写一句原因")).toBeInTheDocument();
  expect(hub.heard.filter(({ method }) => method === "POST")).toEqual([]);
});

test("what the expert writes is saved by itself over the version that was seen", async () => {
  const hub = fakeHub()
    .answer("GET", "/api/v1/consults/{id}", aConsult({ state: "documenting", commands: may("sign") }))
    .answer("GET", "/api/v1/consults/{id}/opinion", anOpinion({ commands: may("write-opinion") }))
    .answer("PUT", "/api/v1/consults/{id}/opinion", anOpinion({ version: 2, diagnosis: "心绞痛" }));
  const { person } = renderPage(<ConsultPage />, { ...AT, user: ZHAONING });
  await person.type(await screen.findByRole("textbox", { name: "诊断" }), "心绞痛");
  expect(screen.getByText("还没存")).toBeVisible();
  await screen.findByText("已存，专家 也看得到", {}, { timeout: 4_000 });
  const saved = hub.heard.find(({ method }) => method === "PUT");
  expect(saved?.headers.get("If-Match")).toBe('"1"');
  expect(saved?.body).toMatchObject({ findings: "心电图", diagnosis: "心绞痛" });
  await expectAccessible();
});

test("she signs the words that stand on her page, by their version", async () => {
  const hub = fakeHub()
    .answer("GET", "/api/v1/consults/{id}", aConsult({ state: "documenting", commands: may("sign") }))
    .answer("GET", "/api/v1/consults/{id}/opinion", anOpinion({ version: 3 }))
    .answer("POST", "/api/v1/consults/{id}/sign", aConsult({ state: "signed" }));
  const { person } = renderPage(<ConsultPage />, { ...AT, user: ZHAONING });
  await screen.findByText("会诊意见");
  await person.click(await screen.findByRole("button", { name: "签发意见" }));
  await person.type(await screen.findByLabelText("登录密码"), "lutong-demo");
  await person.click(screen.getByRole("button", { name: "确定" }));
  await waitFor(() => {
    const signed = hub.heard.find(({ method }) => method === "POST");
    expect(signed?.body).toMatchObject({ password: "lutong-demo", opinion_version: 3 });
  });
});

test("the township reads no draft, and says why it adopts a part only", async () => {
  const hub = fakeHub()
    .answer("GET", "/api/v1/consults/{id}", aConsult({ state: "signed", commands: may("adopt") }))
    .refuse("GET", "/api/v1/consults/{id}/opinion", 404, "NOT_FOUND")
    .answer("POST", "/api/v1/consults/{id}/adopt", aConsult({ state: "adopted" }));
  const { person } = renderPage(<ConsultPage />, AT);
  expect(await screen.findByText("还没有签发的意见")).toBeVisible();
  expect(screen.queryByRole("link", { name: "打印意见书" })).not.toBeInTheDocument();
  await person.click(screen.getByRole("button", { name: "填采纳情况" }));
  await person.click(await screen.findByRole("radio", { name: "部分采纳" }));
  await person.click(screen.getByRole("button", { name: "确定" }));
  expect(await screen.findByText("写一句原因")).toBeInTheDocument();
  await person.type(screen.getByRole("textbox", { name: "没有全部采纳的，写原因" }), "本院无此药");
  await person.click(screen.getByRole("button", { name: "确定" }));
  await waitFor(() => {
    const sent = hub.heard.find(({ method }) => method === "POST");
    expect(sent?.body).toEqual({ adopted: "partly", reason: "本院无此药" });
  });
});

test("a signed opinion says who signed, and that it is no diagnosis", async () => {
  const by = { user: { id: "zhaoning", name: "赵宁" }, role: "host", method: "otp", digest: "d", voided_at: null };
  const signed = anOpinion({
    signed_at: "2026-11-23T01:30:00Z",
    diagnosis: "稳定型心绞痛",
    refer: true,
    refer_level: 4,
    signatures: [{ ...by, at: "2026-11-23T01:30:00Z" }],
  });
  fakeHub()
    .answer("GET", "/api/v1/consults/{id}", aConsult({ state: "signed" }))
    .answer("GET", "/api/v1/consults/{id}/opinion", signed);
  renderPage(<ConsultPage />, AT);
  expect(await screen.findByText(/赵宁 主持签名/)).toBeVisible();
  expect(screen.getByText("建议转诊 Ⅳ")).toBeVisible();
  const paper = (name: string) => screen.getByRole("link", { name }).getAttribute("href");
  expect(paper("打印意见书")).toBe("/api/v1/consults/c-1/opinion/pdf");
  expect(paper("打印申请单")).toBe("/api/v1/consults/c-1/application/pdf");
  expect(screen.getByText(/诊断和治疗由邀请方决定并负责/)).toBeVisible();
  await expectAccessible();
});
