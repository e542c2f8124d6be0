/** The way on from an order that is done: after writing the next to write, after reviewing the next to review. */
import { useNavigate } from "react-router";
import type { OrderState } from "../../api/types.ts";
import { addressOf, nextToClaim } from "../worklist/model.ts";
import { useClaim } from "../worklist/useClaim.ts";
import { useRoomOrders } from "./RoomList.tsx";

interface Left {
  readonly id: string;
  /** As it was while the person worked on it. */
  readonly state: OrderState;
}

export function useNext({ id: left, state }: Left): () => void {
  const navigate = useNavigate();
  const { mine, ready, waiting } = useRoomOrders();
  const claim = useClaim();
  const afterReview = () => {
    const next = waiting.find(({ id }) => id !== left);
    void navigate(next === undefined ? "/worklist" : addressOf(next));
  };
  const afterWriting = () => {
    const own = mine.find((order) => order.id !== left && order.state === "claimed");
    const next = own ?? nextToClaim(ready.filter(({ id }) => id !== left));
    if (next === null) void navigate("/worklist");
    else claim.claimOrOpen(next);
  };
  return state === "awaiting-verification" ? afterReview : afterWriting;
}
