/** Tells the hub something about the room; what it refuses is said in its own words. */
import { useToast } from "../../ui/useToast.tsx";
import { Refused, type StaffSession } from "../../room/link/index.ts";
import { useRoom } from "./context.ts";

type Told = Parameters<StaffSession["command"]>[0];

export function useSaying(): (it: Told) => void {
  const { session } = useRoom();
  const toast = useToast();
  return (it) => {
    session.command(it).catch((failure: unknown) => {
      // A lost line says so by itself in the band.
      if (failure instanceof Refused && failure.code !== "LINE_DOWN") toast(failure.message);
    });
  };
}
