/** One picture of a person or a screen; its voice plays elsewhere, so it may always begin. */
import { useEffect, useRef } from "react";

interface Props {
  readonly stream: MediaStream;
  readonly label: string;
  readonly mirror?: boolean;
  /** The whole of it, with bars: a screen must not be cut. */
  readonly whole?: boolean;
}

export function Face({ stream, label, mirror = false, whole = false }: Props) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current;
    if (element === null) return;
    element.muted = true;
    if (element.srcObject !== stream) element.srcObject = stream;
  }, [stream]);
  const look = ["cr-face", mirror ? "cr-mirror" : "", whole ? "cr-whole" : ""].join(" ");
  return <video ref={video} className={look} aria-label={label} autoPlay playsInline muted />;
}
