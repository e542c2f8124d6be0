/** The desk as a person drives it: which box, which department, which ticket is meant, what the keys do. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { referrals } from "../../api/resources/referrals.ts";
import { hasRole, useUser } from "../../api/resources/session.ts";
import type { Referral, SessionUser } from "../../api/types.ts";
import { useSteadyRows } from "../../ui/useSteadyRows.ts";
import { boxesOf, boxFrom, type Box } from "../model/boxes.ts";
import { departmentsOf, inOrder } from "../model/order.ts";

const LIMIT = 200;
const NONE: readonly Referral[] = [];

/** Whose queue there is to order: those who answer for a receiver. */
function answers(user: SessionUser): boolean {
  return hasRole(user, "referral-desk", "consultant", "ward-nurse", "medical-affairs", "township-doctor");
}

/** The queue in the rule's order, asked for only where it orders the list. */
function useQueue(department: string, enabled: boolean) {
  const queue = useQuery({ ...referrals.queue(department === "" ? {} : { department }), enabled });
  return {
    items: enabled ? queue.data?.items : NONE,
    waits: enabled && queue.isPending,
    version: queue.data?.rule_version,
  };
}

/** The rows of a box; what waits for an answer stands in the rule's order, each with its sentence. */
function useRows(box: Box, department: string, user: SessionUser) {
  const list = useQuery(referrals.list({ box, limit: LIMIT, ...(department === "" ? {} : { department }) }));
  const { items: queued, waits, version } = useQueue(department, box === "in" && answers(user));
  const listed = list.data?.items;
  // The same answers are the same array: only a new one fills the rows anew.
  const sent = useMemo(
    () => (listed === undefined || waits ? undefined : inOrder(queued ?? NONE, listed)),
    [listed, queued, waits],
  );
  return { list, sent, version: version ?? null };
}

export function useDesk() {
  const user = useUser();
  const navigate = useNavigate();
  const { id } = useParams();
  const [params] = useSearchParams();
  const boxes = boxesOf(user);
  const box = boxFrom(params.get("box"), boxes);
  const department = params.get("department") ?? "";
  const { list, sent, version } = useRows(box, department, user);
  const steady = useSteadyRows(`${box} ${department}`, sent);
  const chosen = id ?? steady.rows[0]?.id ?? null;
  const select = (ticket: Pick<Referral, "id">, replace = true) => {
    void navigate({ pathname: `/referrals/${ticket.id}`, search: params.toString() }, { replace });
  };
  const change = (name: "box" | "department", value: string) => {
    const after = new URLSearchParams(params);
    if (value === "") after.delete(name);
    else after.set(name, value);
    // Another list begins with its own first ticket.
    void navigate({ pathname: "/referrals", search: after.toString() }, { replace: true });
  };
  const step = (by: 1 | -1) => () => {
    const at = steady.rows.findIndex((row) => row.id === chosen);
    const next = steady.rows[Math.min(steady.rows.length - 1, Math.max(0, at + by))];
    if (next === undefined) return;
    select(next);
    document.querySelector<HTMLElement>(`[data-row="${next.id}"]`)?.focus();
  };
  return {
    user,
    boxes,
    box,
    department,
    departments: departmentsOf(steady.rows),
    list,
    version,
    ...steady,
    chosen,
    select,
    change,
    step,
  };
}

export type Desk = ReturnType<typeof useDesk>;
