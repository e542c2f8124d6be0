/** Microphones and cameras that are plugged in now; their names are known once one was allowed. */
import { useEffect, useState } from "react";

export interface Listed {
  readonly id: string;
  readonly kind: "microphone" | "camera";
  readonly label: string;
}

const KIND: Readonly<Record<string, Listed["kind"]>> = { audioinput: "microphone", videoinput: "camera" };

function namedOnes(devices: readonly MediaDeviceInfo[]): readonly Listed[] {
  return devices.flatMap(({ deviceId, kind, label }) => {
    const known = KIND[kind];
    return known === undefined || deviceId === "" || label === "" ? [] : [{ id: deviceId, kind: known, label }];
  });
}

/** `allowed` changes once the person allowed one: the names are there then. */
export function useDeviceList(allowed: boolean): readonly Listed[] {
  const [list, setList] = useState<readonly Listed[]>([]);
  useEffect(() => {
    // Not there over plain HTTP.
    const media = (navigator as { readonly mediaDevices?: MediaDevices }).mediaDevices;
    if (media === undefined) return undefined;
    let over = false;
    const read = () => {
      media.enumerateDevices().then(
        (found) => {
          if (!over) setList(namedOnes(found));
        },
        () => undefined,
      );
    };
    read();
    media.addEventListener("devicechange", read);
    return () => {
      over = true;
      media.removeEventListener("devicechange", read);
    };
  }, [allowed]);
  return list;
}
