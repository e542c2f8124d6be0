/** An application: what is needed is asked for here, what the hub refuses is said beside the button. */
import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { aPatient } from "../testing/builders.ts";
import { aConsult } from "../testing/consults.ts";
import { fakeHub } from "../testing/hub.ts";
import { expectAccessible, renderPage } from "../testing/render.tsx";
import { ApplyPage } from "./ApplyPage.tsx";
import { ConsultsPage } from "./ConsultsPage.tsx";

const PLACES = { items: [{ id: "C01", name: "云岭县人民医院", kind: "county", phone: "", parent_id: null }] };
const WORDS = {
  希望的职称: "副主任",
  主诉: "胸闷",
  现病史: "活动后加重",
  病历摘要: "男，68 岁",
  会诊原因: "诊断不明",
  会诊目的: "要不要造影",
  初步诊断: "心绞痛",
  诊断编码: "I20.8",
  谁书面同意的: "马建国",
};

test("an application is refused without consent, and sent once it is there", async () => {
  const hub = fakeHub()
    .answer("GET", "/api/v1/patients/{id}", aPatient())
    .answer("GET", "/api/v1/organizations", PLACES)
    .answer("GET", "/api/v1/experts", { items: [] })
    .refuse("POST", "/api/v1/consults", 422, "CONSENT_REQUIRED");
  const { person, router } = renderPage(<ApplyPage />, {
    at: "/consults/new?patient=p-1&study=1.2.3",
    path: "/consults/new",
  });
  await person.click(await screen.findByRole("radio", { name: "云岭县人民医院" }));
  await person.type(screen.getByRole("combobox", { name: "请什么专业" }), "心内{Enter}");
  for (const [name, text] of Object.entries(WORDS)) await person.type(screen.getByRole("textbox", { name }), text);
  await person.click(screen.getByRole("button", { name: "送出申请" }));
  expect(await screen.findByText("要先写病人或家属的同意")).toBeVisible();
  await expectAccessible();
  hub.answer("POST", "/api/v1/consults", aConsult());
  await person.click(screen.getByRole("checkbox", { name: "病人或家属已书面同意" }));
  await person.click(screen.getByRole("button", { name: "送出申请" }));
  await waitFor(() => {
    expect(router.state.location.pathname).toBe("/consults/c-1");
  });
  const sent = hub.heard.filter(({ method }) => method === "POST");
  expect(sent.at(-1)?.body).toMatchObject({
    patient_id: "p-1",
    mode: "written",
    specialties: ["心内"],
    study_uids: ["1.2.3"],
    consent: { written: true, by: "马建国" },
  });
}, 30_000);

test("an emergency goes on with who approved it and why", async () => {
  const hub = fakeHub()
    .answer("GET", "/api/v1/patients/{id}", aPatient())
    .answer("GET", "/api/v1/organizations", PLACES)
    .answer("GET", "/api/v1/consults/approvers", { items: [{ id: "haiying", name: "海英" }] })
    .answer("GET", "/api/v1/experts", { items: [] })
    .answer("POST", "/api/v1/consults", aConsult());
  const { person } = renderPage(<ApplyPage />, { at: "/consults/new?patient=p-1", path: "/consults/new" });
  await person.click(await screen.findByRole("radio", { name: "云岭县人民医院" }));
  await person.click(screen.getByRole("radio", { name: "急" }));
  await person.click(screen.getByRole("radio", { name: "视频" }));
  await person.type(screen.getByRole("combobox", { name: "请什么专业" }), "心内{Enter}");
  await person.type(screen.getByRole("textbox", { name: "病历摘要" }), "昏迷");
  await person.type(screen.getByRole("textbox", { name: "会诊目的" }), "如何处置");
  await person.click(screen.getByRole("button", { name: "送出申请" }));
  expect(await screen.findAllByText("要写这一项")).toHaveLength(2);
  await expectAccessible();
  await person.click(screen.getByRole("combobox", { name: "谁批准" }));
  await person.click(await screen.findByTitle("海英"));
  await person.type(screen.getByRole("textbox", { name: "为什么等不及同意" }), "家属在路上");
  await person.click(screen.getByRole("button", { name: "送出申请" }));
  await waitFor(() => {
    expect(hub.heard.find(({ method }) => method === "POST")?.body).toMatchObject({
      urgency: "emergency",
      mode: "video",
      consent: { written: false, approved_by: "haiying", approval_reason: "家属在路上" },
    });
  });
}, 30_000);

test("from a study the application knows whose it is, and of a stranger's study none is begun", async () => {
  const hub = fakeHub()
    .answer("GET", "/api/v1/studies/{uid}", { uid: "1.2.3", patient: aPatient() })
    .answer("GET", "/api/v1/patients/{id}", aPatient())
    .answer("GET", "/api/v1/organizations", PLACES);
  const { unmount } = renderPage(<ApplyPage />, { at: "/consults/new?study=1.2.3", path: "/consults/new" });
  expect(await screen.findByText("带上这份检查")).toBeVisible();
  unmount();
  hub.answer("GET", "/api/v1/studies/{uid}", { uid: "1.2.3", patient: null });
  renderPage(<ApplyPage />, { at: "/consults/new?study=1.2.3", path: "/consults/new" });
  expect(await screen.findByText("先选病人")).toBeVisible();
});

test("without a patient it says where to begin", () => {
  fakeHub();
  renderPage(<ApplyPage />, { at: "/consults/new", path: "/consults/new" });
  expect(screen.getByText("先选病人")).toBeVisible();
});

test("a township sees first what it asked", async () => {
  const hub = fakeHub().answer("GET", "/api/v1/consults", { items: [aConsult()], next: null });
  renderPage(<ConsultsPage />, { at: "/consults", path: "/consults" });
  expect(await screen.findByRole("link", { name: /待受理.*马建国/ })).toHaveAttribute("href", "/consults/c-1");
  expect(hub.heard.find(({ path }) => path === "/api/v1/consults")?.query.get("box")).toBe("out");
  await expectAccessible();
});
