/** `/api/v1/overview` and `/api/v1/tasks`: what waits for the person at the screen. */
import { queryOptions } from "@tanstack/react-query";
import { get } from "../client.ts";

export const overview = {
  counters: queryOptions({
    queryKey: ["overview"] as const,
    queryFn: ({ signal }) => get("/api/v1/overview", { signal }),
  }),
};

export const tasks = {
  mine: queryOptions({
    queryKey: ["tasks", "mine"] as const,
    queryFn: ({ signal }) => get("/api/v1/tasks", { query: { mine: "1" }, signal }),
  }),
};
