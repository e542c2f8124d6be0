/** Where images come in: dropped, or chosen as files or as a whole folder. */
import { Button } from "antd";
import { FilePlus, FolderOpen } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { dropped, picked } from "./model/pieces.ts";

type Files = ReturnType<typeof picked>;

function useDrop(onFiles: (files: Files) => void) {
  const place = useRef<HTMLDivElement>(null);
  const latest = useRef(onFiles);
  const [over, setOver] = useState(false);
  useEffect(() => {
    latest.current = onFiles;
  }, [onFiles]);
  useEffect(() => {
    const zone = place.current;
    if (zone === null) return undefined;
    const stop = new AbortController();
    const options = { signal: stop.signal };
    const show = (event: DragEvent) => {
      event.preventDefault();
      setOver(event.type === "dragover");
    };
    zone.addEventListener("dragover", show, options);
    zone.addEventListener("dragleave", show, options);
    zone.addEventListener(
      "drop",
      (event) => {
        show(event);
        if (event.dataTransfer !== null) void dropped(event.dataTransfer).then(latest.current);
      },
      options,
    );
    return () => {
      stop.abort();
    };
  }, []);
  return { place, over };
}

/** A button that opens the system's own chooser; the field itself is never seen. */
function Chooser({ folder, onFiles }: { folder: boolean; onFiles: (files: Files) => void }) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const text = t(folder ? "record.images.folder" : "record.images.files");
  return (
    <>
      <Button
        icon={folder ? <FolderOpen aria-hidden="true" /> : <FilePlus aria-hidden="true" />}
        onClick={() => field.current?.click()}
      >
        {text}
      </Button>
      <input
        ref={field}
        type="file"
        hidden
        multiple
        aria-label={text}
        // React knows no such attribute; every browser of ours does.
        {...(folder ? { webkitdirectory: "" } : {})}
        onChange={(event) => {
          const { files } = event.target;
          if (files !== null) onFiles(picked(files));
          event.target.value = "";
        }}
      />
    </>
  );
}

export function DropZone({ onFiles, reading }: { onFiles: (files: Files) => void; reading: number | null }) {
  const { t } = useTranslation();
  const { place, over } = useDrop(onFiles);
  return (
    <div ref={place} className={over ? "drop drop-over" : "drop"}>
      <FolderOpen className="drop-icon" aria-hidden="true" />
      <b>{t("record.images.drop")}</b>
      <span className="s13 mut">{t("record.images.dropHint")}</span>
      <span className="row wrap">
        <Chooser folder={false} onFiles={onFiles} />
        <Chooser folder onFiles={onFiles} />
      </span>
      <span role="status" className="s13 sub">
        {reading !== null && t("record.images.reading", { count: reading })}
      </span>
    </div>
  );
}
