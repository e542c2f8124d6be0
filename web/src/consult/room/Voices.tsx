/** Everybody's voice, whoever is on the screen. A browser that wants a press first gets a button. */
import { Button } from "antd";
import { Volume2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { trackKey } from "../../room/core/index.ts";
import { useRoom } from "./context.ts";

function Voice({ stream, onSilenced }: { stream: MediaStream; onSilenced: (audio: HTMLAudioElement) => void }) {
  const element = useRef<HTMLAudioElement>(null);
  const silenced = useRef(onSilenced);
  useEffect(() => {
    silenced.current = onSilenced;
  });
  useEffect(() => {
    const audio = element.current;
    if (audio === null) return;
    audio.srcObject = stream;
    audio.play().catch((failure: unknown) => {
      if (failure instanceof DOMException && failure.name === "NotAllowedError") silenced.current(audio);
    });
  }, [stream]);
  // People's voices, live: there is nothing to caption from.
  // eslint-disable-next-line jsx-a11y/media-has-caption
  return <audio ref={element} autoPlay />;
}

export function Voices() {
  const { t } = useTranslation();
  const { call, room } = useRoom();
  const [silenced, setSilenced] = useState<readonly HTMLAudioElement[]>([]);
  const heard = room.seats.flatMap(({ id }) => {
    const stream = id === room.me ? undefined : call.tracks[trackKey(id, "microphone")];
    return stream === undefined ? [] : [{ id, stream }];
  });
  return (
    <>
      <div hidden>
        {heard.map(({ id, stream }) => (
          <Voice
            key={id}
            stream={stream}
            onSilenced={(audio) => {
              setSilenced((before) => [...before, audio]);
            }}
          />
        ))}
      </div>
      {silenced.length > 0 && (
        <Button
          type="primary"
          size="large"
          className="cr-hear"
          icon={<Volume2 aria-hidden="true" />}
          onClick={() => {
            for (const audio of silenced) void audio.play().catch(() => undefined);
            setSilenced([]);
          }}
        >
          {t("room.band.hear")}
        </Button>
      )}
    </>
  );
}
