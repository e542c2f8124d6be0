/** The names of a class: written over what the desk had read, and over nothing that changed since. */
import { act, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { consults } from "../api/resources/consults.ts";
import type { Teaching } from "../api/types.ts";
import { aConsult, ZHAONING } from "../testing/consults.ts";
import { fakeHub } from "../testing/hub.ts";
import { renderPage } from "../testing/render.tsx";
import { ConsultPage } from "./ConsultPage.tsx";

const TEACHING: Teaching = {
  open: true,
  organizations: [],
  people: [{ id: "helin", name: "何林" }],
  consent_by: "马建国",
  consent_relation: "",
  consent_document: "",
  opened_at: "2026-11-23T01:00:00Z",
  opened_by: { id: "zhaoning", name: "赵宁" },
  closed_at: null,
};
const ENDED = { ...TEACHING, open: false, closed_at: "2026-11-23T01:05:00Z" };
const commands = [{ name: "open-class", allowed: true as const }];

test("a class that the patient ended while its names were changed is not opened again", async () => {
  const hub = fakeHub()
    .answer("GET", "/api/v1/consults/{id}", aConsult({ version: 3, teaching: TEACHING, commands }))
    .refuse("GET", "/api/v1/consults/{id}/opinion", 404, "NOT_FOUND")
    .answer("GET", "/api/v1/organizations", { items: [] })
    .answer("GET", "/api/v1/classes/colleagues", { items: [] })
    .refuse("POST", "/api/v1/consults/{id}/open-class", 412, "VERSION");
  const at = { at: "/consults/c-1", path: "/consults/:id", user: ZHAONING };
  const { cache, person } = renderPage(<ConsultPage />, at);
  await person.click(await screen.findByRole("button", { name: "改名单" }));
  hub.answer("GET", "/api/v1/consults/{id}", aConsult({ version: 4, teaching: ENDED, commands }));
  await act(() => cache.invalidateQueries({ queryKey: consults.keys.detail("c-1") }));
  await person.click(await screen.findByRole("button", { name: "确定" }));
  expect(await screen.findByText(/这份内容刚被别处改过/)).toBeInTheDocument();
  const sent = hub.heard.find(({ method }) => method === "POST");
  expect(sent?.headers.get("If-Match")).toBe('"3"');
});
