/** By which way media come through, tried as long as the device check is open, and again when somebody asks. */
import { useCallback, useEffect, useState } from "react";
import { tryWay, type Way } from "../../room/link/index.ts";

export function useWay(address: string): readonly [Way | null, () => void] {
  const [way, setWay] = useState<Way | null>(null);
  const [turn, setTurn] = useState(0);
  useEffect(() => tryWay(address, setWay), [address, turn]);
  const again = useCallback(() => {
    setWay(null);
    setTurn((before) => before + 1);
  }, []);
  return [way, again];
}
