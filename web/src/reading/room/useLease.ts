/** A claim lives by presence: while the page is open and seen, it is renewed; a page in the background lets it run out. */
import { useMutation } from "@tanstack/react-query";
import { useEffect } from "react";
import { newKey } from "../../api/client.ts";
import { mayRun } from "../../api/commands.ts";
import { readingOrders } from "../../api/resources/reading-orders.ts";
import type { OrderDetail } from "../../api/types.ts";

const RENEW_EVERY_MS = 5 * 60_000;

export function useLease(order: OrderDetail): void {
  const { mutate } = useMutation(readingOrders.renew);
  const held = order.claim_expires_at !== null && mayRun(order, "renew");
  const { id } = order;
  useEffect(() => {
    if (!held) return;
    const timer = setInterval(() => {
      if (!document.hidden) mutate({ id, key: newKey() });
    }, RENEW_EVERY_MS);
    return () => {
      clearInterval(timer);
    };
  }, [held, id, mutate]);
}
