/** Taking an order to read: one winner; who lost sees who won and goes on with the next. */
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import { newKey } from "../../api/client.ts";
import { mayRun } from "../../api/commands.ts";
import { usePending } from "../../api/pending.ts";
import { readingOrders } from "../../api/resources/reading-orders.ts";
import type { Order } from "../../api/types.ts";
import { addressOf } from "./model.ts";

export function useClaim() {
  const navigate = useNavigate();
  const claim = useMutation(readingOrders.claim);
  const pending = usePending(readingOrders.claim);
  const open = (order: Order) => {
    void navigate(addressOf(order));
  };
  return {
    pending,
    failure: claim.error,
    failed: claim.variables?.id ?? null,
    forget: claim.reset,
    open,
    /** Claims what may be claimed and opens it; opens what may be looked at. */
    claimOrOpen: (order: Order) => {
      if (pending.has(order.id)) return;
      if (!mayRun(order, "claim")) {
        open(order);
        return;
      }
      claim.mutate(
        { id: order.id, version: order.version, key: newKey() },
        {
          onSuccess: () => {
            open(order);
          },
        },
      );
    },
  };
}
