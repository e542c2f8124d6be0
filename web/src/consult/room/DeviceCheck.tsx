/** Before the room: my picture, my voice, the sound, the line; what fails says why and how to go on. */
import { Button } from "antd";
import { Mic, Video, VideoOff, Volume2 } from "lucide-react";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { meter, playTune, type Got } from "../../room/link/index.ts";
import { CheckRow } from "./CheckRow.tsx";
import { DeviceChoice } from "./DeviceChoice.tsx";
import { Face } from "./Face.tsx";
import { NetworkRow } from "./NetworkRow.tsx";
import { useCheck, type Check, type Checked, type Kind } from "./useCheck.ts";
import { useDeviceList } from "./useDeviceList.ts";
import { useOwnStream } from "./useOwnStream.ts";
import { useWhyWords } from "./useWhyWords.ts";

const HEARD_ABOVE = 0.35;

/** A bar that moves with the voice, without drawing the page anew. */
function Level({ track }: { track: MediaStreamTrack }) {
  const { t } = useTranslation();
  const bar = useRef<HTMLSpanElement>(null);
  const [heard, setHeard] = useState(false);
  useEffect(
    () =>
      meter(track, (level) => {
        if (bar.current !== null) bar.current.style.width = `${String(Math.round(level * 100))}%`;
        if (level > HEARD_ABOVE) setHeard(true);
      }),
    [track],
  );
  return (
    <>
      <span className="cr-level" role="img" aria-label={t("room.check.level")}>
        <span ref={bar} />
      </span>
      <span className="s13 sub">{t(heard ? "room.check.heard" : "room.check.quiet")}</span>
    </>
  );
}

const stateOf = (got: Got | null) => (got === null ? "open" : got.track === null ? "due" : "ok");

function Device({ kind, check, children }: { kind: Kind; check: Check; children?: ReactNode }) {
  const { t } = useTranslation();
  const whyOf = useWhyWords();
  const got = check[kind];
  const list = useDeviceList(got?.track != null);
  return (
    <CheckRow icon={kind === "microphone" ? Mic : Video} title={t(`room.check.${kind}`)} state={stateOf(got)}>
      {got === null && <span className="s13 sub">{t("room.check.opening")}</span>}
      {got !== null && got.track === null && (
        <>
          <span role="status">{whyOf(got.why)}</span>
          <span>
            <Button
              onClick={() => {
                check.again(kind);
              }}
            >
              {t("room.check.again")}
            </Button>
          </span>
        </>
      )}
      {children}
      {got?.track != null && (
        <DeviceChoice
          kind={kind}
          list={list}
          value={check.chosen[kind]}
          onChoose={(id) => {
            check.choose(kind, id);
          }}
        />
      )}
    </CheckRow>
  );
}

function Speaker() {
  const { t } = useTranslation();
  const [played, setPlayed] = useState(false);
  return (
    <CheckRow icon={Volume2} title={t("room.check.speaker")} state="open">
      <span className="row wrap g8">
        <Button
          onClick={() => {
            if (playTune()) setPlayed(true);
          }}
        >
          {t("room.check.play")}
        </Button>
        {played && <span className="s13 sub">{t("room.check.played")}</span>}
      </span>
    </CheckRow>
  );
}

function Preview({ track }: { track: MediaStreamTrack | null }) {
  const { t } = useTranslation();
  const stream = useOwnStream(track);
  return (
    <figure className="cr-preview" aria-label={t("room.check.preview")}>
      {stream === null ? (
        <span className="cr-quiet">
          <VideoOff aria-hidden="true" /> {t("room.check.noPreview")}
        </span>
      ) : (
        <Face stream={stream} label={t("room.check.preview")} mirror />
      )}
    </figure>
  );
}

function Enter({ check, onEnter }: { check: Check; onEnter: (checked: Checked) => void }) {
  const { t } = useTranslation();
  const deaf = stateOf(check.microphone) === "due";
  const seen = stateOf(check.camera) === "ok";
  const enter = (camera: boolean) => () => {
    onEnter(check.take(camera));
  };
  return (
    <>
      {(deaf || seen) && (
        <Button type="primary" size="large" onClick={enter(true)}>
          {t(deaf ? "room.check.enterDeaf" : "room.check.enter")}
        </Button>
      )}
      {!deaf && (
        <Button type={seen ? "default" : "primary"} size="large" onClick={enter(false)}>
          {t("room.check.enterBlind")}
        </Button>
      )}
    </>
  );
}

interface Props {
  readonly heading: string;
  /** Of the room's line. */
  readonly address: string;
  readonly onEnter: (checked: Checked) => void;
}

export function DeviceCheck({ heading, address, onEnter }: Props) {
  const { t } = useTranslation();
  const check = useCheck();
  return (
    <div className="cr-outside">
      <div className="cr-check card">
        <div className="col g12">
          <span className="mut s13">{heading}</span>
          <h2>{t("room.check.title")}</h2>
          <Preview track={check.camera?.track ?? null} />
          <p className="s13 sub">{t("room.check.text")}</p>
        </div>
        <div className="col g12">
          <Device kind="microphone" check={check}>
            {check.microphone?.track != null && <Level track={check.microphone.track} />}
          </Device>
          <Device kind="camera" check={check} />
          <Speaker />
          <NetworkRow reached={check.reached} address={address} onAgain={check.reachAgain} />
          <div className="cr-enter">
            <Enter check={check} onEnter={onEnter} />
          </div>
        </div>
      </div>
    </div>
  );
}
