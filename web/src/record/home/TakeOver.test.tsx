/** Taking a patient over: each medicine by name, or a reason why not. */
import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { fakeHub } from "../../testing/hub.ts";
import { aReferralDetail } from "../../testing/referrals.ts";
import { expectAccessible, renderPage } from "../../testing/render.tsx";
import { TakeOver } from "./TakeOver.tsx";

const PLAN = {
  discharge_summary: "急诊介入，支架 1 枚",
  results: "LDL-C 2.9 mmol/L",
  case_number: "2026-11842",
  medicines: ["阿司匹林 100 mg 每天 1 次", "替格瑞洛 90 mg 每天 2 次"],
  warning_signs: "胸痛超过 15 分钟",
  rehabilitation: "每天走 20 分钟",
  first_visit_due: null,
  equipment: [],
  risk_tier: "red",
  inpatient: false,
  cloud_ward: false,
  stable: true,
  round_plan: "",
};
const HOME = aReferralDetail({
  id: "t-2",
  number: "R-2612-0009",
  direction: "down",
  state: "handed-over",
  version: 2,
  from: { id: "C01", name: "云岭县人民医院", phone: "8888 0120" },
  to: { id: "T01", name: "石门镇卫生院", phone: "8801 0120" },
  plan: PLAN,
  commands: [
    { name: "take-over", allowed: true },
    { name: "ask", allowed: true },
    { name: "decline", allowed: true },
  ],
});
const PLACES = [
  { id: "T01", name: "石门镇卫生院", kind: "township", phone: "", parent_id: "C01" },
  { id: "V0101", name: "石门村卫生室", kind: "village", phone: "", parent_id: "T01" },
];

function hub() {
  return fakeHub()
    .answer("GET", "/api/v1/referrals/t-2", HOME)
    .answer("GET", "/api/v1/organizations", { items: PLACES })
    .answer("POST", "/api/v1/referrals/t-2/take-over", { ...HOME, state: "taken-over", version: 3 })
    .answer("POST", "/api/v1/referrals/t-2/decline", { ...HOME, state: "draft", version: 3 });
}

test("each medicine is confirmed by name before the patient is taken over", async () => {
  const it = hub();
  const { person } = renderPage(<TakeOver id="t-2" />);
  const button = await screen.findByRole("button", { name: "接手" });
  expect(button).toHaveAccessibleDescription("还有 2 项没核对");
  const ticagrelor = within(screen.getByRole("group", { name: /替格瑞洛/ }));
  await person.click(within(screen.getByRole("group", { name: /阿司匹林/ })).getByRole("radio", { name: "有" }));
  await person.click(ticagrelor.getByRole("radio", { name: "没有" }));
  expect(screen.getByRole("button", { name: "接手" })).toHaveAccessibleDescription(/缺 替格瑞洛/);
  await person.click(ticagrelor.getByRole("radio", { name: "县里配送" }));
  await expectAccessible();
  await person.click(screen.getByRole("button", { name: "接手" }));
  await waitFor(() => {
    const taken = it.heard.find(({ path }) => path.endsWith("/take-over"));
    expect(taken?.body).toMatchObject({ medicines: true, equipment: true });
  });
});

test("who cannot says why with a code, and names what is missing", async () => {
  const it = hub();
  const { person } = renderPage(<TakeOver id="t-2" />);
  await screen.findByRole("button", { name: "接手" });
  await person.click(within(screen.getByRole("group", { name: /替格瑞洛/ })).getByRole("radio", { name: "没有" }));
  await person.click(screen.getByRole("button", { name: "接不了" }));
  await person.click(await screen.findByRole("button", { name: "退回县医院" }));
  await waitFor(() => {
    const declined = it.heard.find(({ path }) => path.endsWith("/decline"));
    expect(declined?.body).toMatchObject({ code: "no-medicine", reason: "替格瑞洛 90 mg 每天 2 次" });
  });
});
