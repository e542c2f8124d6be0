/** Referring up: few touches, one ticket, and every refusal with a way on. */
import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { fakeHub, type FakeHub } from "../../testing/hub.ts";
import { aPrefill, aResident, aSuggestion } from "../../testing/refer.ts";
import { aReferralDetail } from "../../testing/referrals.ts";
import { expectAccessible, renderPage } from "../../testing/render.tsx";
import { ReferPage } from "./ReferPage.tsx";

const COUNTY = { id: "C01", name: "云岭县人民医院", kind: "county", phone: "8888 0120", parent_id: null };

function hub(): FakeHub {
  return fakeHub()
    .answer("GET", "/api/v1/patients", { items: [aResident()] })
    .answer("GET", "/api/v1/patients/{id}", aResident())
    .answer("GET", "/api/v1/referrals/prefill", aPrefill())
    .answer("GET", "/api/v1/organizations", { items: [COUNTY] })
    .answer("POST", "/api/v1/referrals/suggest-targets", aSuggestion())
    .answer("POST", "/api/v1/referrals", aReferralDetail({ id: "t-9", state: "draft", version: 1 }))
    .answer("POST", "/api/v1/referrals/t-9/send", aReferralDetail({ id: "t-9", state: "bed-held", version: 3 }));
}

const page = (at: string) => renderPage(<ReferPage />, { at, path: "/refer/new" });
const sent = (it: FakeHub, path: string) => it.heard.filter((one) => one.method === "POST" && one.path === path);

test("from the green channel four touches send a patient of ours", async () => {
  const it = hub();
  const { person, router } = page("/refer/new?green=1");
  await person.click(await screen.findByRole("button", { name: /马建国/ }));
  await person.click(await screen.findByRole("radio", { name: /Ⅰ级 濒危/ }));
  await person.click(screen.getByRole("radio", { name: "胸痛" }));
  expect(await screen.findByRole("radio", { name: /云岭县人民医院 CCU/ })).toBeChecked();
  await expectAccessible();
  await person.click(screen.getByRole("button", { name: "立即上转" }));
  await waitFor(() => {
    expect(router.state.location.pathname).toBe("/referrals/t-9");
  });
  expect(sent(it, "/api/v1/referrals")[0]?.body).toMatchObject({
    patient_id: "p-majianguo",
    triage_level: 1,
    pathway: "chest-pain",
    department: "CCU",
    to_org: "C01",
    travel_minutes: 42,
    needs: { department: "CCU", icu: true },
    diagnosis: { code: "R07.4", name: "胸痛待查" },
    vitals: null,
    transport: { mode: "ambulance", escort: "李兰" },
  });
});

test("a double touch makes one ticket: both carry the same keys", async () => {
  const it = hub();
  const { person } = page("/refer/new?patient=p-majianguo&green=1");
  await person.click(await screen.findByRole("radio", { name: /Ⅰ级 濒危/ }));
  await person.click(screen.getByRole("radio", { name: "胸痛" }));
  await screen.findByRole("radio", { name: /云岭县人民医院 CCU/ });
  await person.dblClick(screen.getByRole("button", { name: "立即上转" }));
  await waitFor(() => {
    expect(sent(it, "/api/v1/referrals/t-9/send").length).toBeGreaterThan(0);
  });
  const keys = sent(it, "/api/v1/referrals").map(({ headers }) => headers.get("Idempotency-Key"));
  expect(new Set(keys).size).toBe(1);
});

test("without a level nothing is sent, and the button says so", async () => {
  hub();
  page("/refer/new?patient=p-majianguo");
  const button = await screen.findByRole("button", { name: "上转" });
  expect(button).toHaveAttribute("aria-disabled", "true");
  expect(button).toHaveAccessibleDescription("先定病情分级");
});

test("the county's emergency desk is one touch away from the first moment", async () => {
  hub();
  page("/refer/new?patient=p-majianguo");
  expect(await screen.findByRole("link", { name: /先打县急诊 8888 0120/ })).toHaveAttribute("href", "tel:88880120");
});

test("who is on the way already is followed, not sent again", async () => {
  const track = { id: "t-1", number: "R-2611-0387", state: "en-route", direction: "up", department: "CCU" } as const;
  hub().answer("GET", "/api/v1/referrals/prefill", aPrefill({ track }));
  page("/refer/new?patient=p-majianguo");
  expect(await screen.findByRole("link", { name: "追踪这张单" })).toHaveAttribute("href", "/referrals/t-1");
});

test("a ticket that appeared meanwhile is followed too", async () => {
  const facts = { existing: "t-1", number: "R-2611-0387" };
  hub().refuse("POST", "/api/v1/referrals", 409, "DUPLICATE_REFERRAL", facts);
  const { person } = page("/refer/new?patient=p-majianguo&green=1");
  await person.click(await screen.findByRole("radio", { name: /Ⅱ级 危重/ }));
  await person.click(screen.getByRole("radio", { name: "胸痛" }));
  await screen.findByRole("radio", { name: /云岭县人民医院 CCU/ });
  await person.click(screen.getByRole("button", { name: "立即上转" }));
  expect(await screen.findByRole("link", { name: "追踪这张单" })).toHaveAttribute("href", "/referrals/t-1");
});

test("what the guide keeps at home goes on only with a written reason", async () => {
  const scope = { within: true, zh: "上呼吸道感染：乡镇能治。", en: "URTI: treated here.", rule_version: 1 };
  const it = hub().answer("POST", "/api/v1/referrals/suggest-targets", aSuggestion({ scope }));
  const { person } = page("/refer/new?patient=p-majianguo");
  await person.click(await screen.findByRole("radio", { name: /Ⅳ级 非急症/ }));
  await person.type(screen.getByRole("textbox", { name: "诊断或病情" }), "上呼吸道感染");
  await person.type(screen.getByRole("textbox", { name: "ICD-10" }), "J06.9");
  await person.type(screen.getByRole("textbox", { name: "病情小结" }), "发热三天");
  await person.click(screen.getByRole("combobox", { name: "转诊原因" }));
  await person.click(await screen.findByText("超出本院诊治能力"));
  await person.click(screen.getByRole("checkbox", { name: "病人或家属已同意转诊" }));
  await person.type(screen.getByRole("textbox", { name: "谁同意的" }), "马晓东");
  await person.type(screen.getByRole("combobox", { name: "科室" }), "呼吸");
  const button = screen.getByRole("button", { name: "上转" });
  expect(await screen.findByText(/上呼吸道感染：乡镇能治。/)).toBeVisible();
  expect(button).toHaveAccessibleDescription(/写一句要转的原因/);
  await person.type(screen.getByRole("textbox", { name: "确实要转的原因" }), "三天用药无效，气促");
  await person.click(screen.getByRole("button", { name: "上转" }));
  await waitFor(() => {
    expect(sent(it, "/api/v1/referrals/t-9/send")[0]?.body).toMatchObject({ reason: "三天用药无效，气促" });
  });
}, 20_000);

test("beyond the county a review comes first, and the draft is kept for it", async () => {
  hub().refuse("POST", "/api/v1/referrals/t-9/send", 422, "REVIEW_REQUIRED");
  const { person } = page("/refer/new?patient=p-majianguo&green=1");
  await person.click(await screen.findByRole("radio", { name: /Ⅱ级 危重/ }));
  await person.click(screen.getByRole("radio", { name: "卒中" }));
  await screen.findByRole("radio", { name: /云岭县人民医院/ });
  await person.click(screen.getByRole("button", { name: "立即上转" }));
  const refusal = await screen.findByText("县外转诊要先审核");
  expect(refusal).toBeVisible();
  expect(screen.getByRole("link", { name: "打开草稿，申请审核" })).toHaveAttribute("href", "/referrals/t-9");
});

test("what the hub failed at is tried again under the same key", async () => {
  const it = hub();
  const { person } = page("/refer/new?patient=p-majianguo&green=1");
  await person.click(await screen.findByRole("radio", { name: /Ⅰ级 濒危/ }));
  await person.click(screen.getByRole("radio", { name: "胸痛" }));
  await screen.findByRole("radio", { name: /云岭县人民医院 CCU/ });
  it.refuse("POST", "/api/v1/referrals/t-9/send", 500, "FAULT");
  await person.click(screen.getByRole("button", { name: "立即上转" }));
  const retry = await screen.findByRole("button", { name: "再试一次" });
  it.answer("POST", "/api/v1/referrals/t-9/send", aReferralDetail({ id: "t-9", state: "bed-held", version: 3 }));
  await person.click(retry);
  await waitFor(() => {
    expect(sent(it, "/api/v1/referrals/t-9/send")).toHaveLength(2);
  });
  for (const path of ["/api/v1/referrals", "/api/v1/referrals/t-9/send"]) {
    const keys = sent(it, path).map(({ headers }) => headers.get("Idempotency-Key"));
    expect(new Set(keys).size).toBe(1);
  }
});

test("without a line it is kept, says so, names the places without their beds, and goes by itself, once", async () => {
  const it = hub();
  const { person, router } = page("/refer/new?patient=p-majianguo&green=1");
  await person.click(await screen.findByRole("radio", { name: /Ⅰ级 濒危/ }));
  await screen.findByRole("link", { name: /先打县急诊 8888 0120/ });
  it.cut();
  await person.click(screen.getByRole("radio", { name: "卒中" }));
  expect(await screen.findByText(/问不到空床/)).toBeVisible();
  const county = screen.getByRole("radio", { name: /云岭县人民医院 神内/ });
  expect(county).toBeChecked();
  expect(screen.queryByText(/空 \d|空床 \d/)).not.toBeInTheDocument();
  await person.click(screen.getByRole("button", { name: "立即上转" }));
  expect(await screen.findByText(/单子已写好，存在这一页/)).toBeVisible();
  expect(screen.getByRole("link", { name: /先打县急诊/ })).toBeVisible();
  expect(sent(it, "/api/v1/referrals")).toHaveLength(0);
  it.mend();
  await waitFor(
    () => {
      expect(router.state.location.pathname).toBe("/referrals/t-9");
    },
    { timeout: 5_000 },
  );
  expect(sent(it, "/api/v1/referrals").map(({ body }) => body)).toEqual([
    expect.objectContaining({ department: "神内", to_org: "C01", written_at: expect.any(String) as string }),
  ]);
  expect(sent(it, "/api/v1/referrals/t-9/send")).toHaveLength(1);
}, 15_000);

test("80 over 140 is told beside the numbers and not sent", async () => {
  hub();
  const { person } = page("/refer/new?patient=p-majianguo&green=1");
  await person.click(await screen.findByRole("radio", { name: /Ⅰ级 濒危/ }));
  await person.click(screen.getByRole("radio", { name: "胸痛" }));
  const vitals = screen.getByRole("region", { name: "生命体征" });
  await person.type(within(vitals).getByRole("textbox", { name: "收缩压" }), "80");
  await person.type(within(vitals).getByRole("textbox", { name: "舒张压" }), "140");
  expect(within(vitals).getByRole("status")).toHaveTextContent("血压高低写反了");
  await screen.findByRole("radio", { name: /云岭县人民医院 CCU/ });
  expect(screen.getByRole("button", { name: "立即上转" })).toHaveAccessibleDescription("生命体征有一处写错了");
});
