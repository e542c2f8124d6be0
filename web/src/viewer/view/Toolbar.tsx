/** 44 px targets with a word under each: what the hand does, the windows on 1–4, one or two panes. */
import {
  Columns2,
  Contrast,
  Layers,
  Link2,
  Move,
  RotateCcw,
  Ruler,
  SunMedium,
  ZoomIn,
  type LucideIcon,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import { presetsFor, TOOLS, type Act, type Pane, type Tool, type Window } from "../core/index.ts";

const ICONS: Readonly<Record<Tool, LucideIcon>> = {
  scroll: Layers,
  window: SunMedium,
  zoom: ZoomIn,
  pan: Move,
  length: Ruler,
};

/** Two panes, and whether they scroll together. */
export interface Compare {
  readonly on: boolean;
  readonly linked: boolean;
  readonly toggle: () => void;
  readonly link: () => void;
}

interface Props {
  readonly tool: Tool;
  readonly onTool: (tool: Tool) => void;
  readonly pane: Pane;
  readonly modality: string;
  readonly stored: Window | null;
  readonly onAct: (act: Act) => void;
  /** Null where there is nothing to lay beside. */
  readonly compare: Compare | null;
}

function ToolButton(props: { icon: LucideIcon; word: string; on?: boolean; onClick: () => void }) {
  const { icon: Icon, word, on, onClick } = props;
  return (
    <button
      type="button"
      className="viewer-tool"
      {...(on === undefined ? {} : { "aria-pressed": on })}
      onClick={onClick}
    >
      <Icon aria-hidden="true" />
      <span>{word}</span>
    </button>
  );
}

const same = (a: Window | null, b: Window | null) => a?.center === b?.center && a?.width === b?.width;

function Presets({ modality, stored, pane, onAct }: Pick<Props, "modality" | "stored" | "pane" | "onAct">) {
  const { t } = useTranslation();
  return (
    <div className="viewer-presets" role="group" aria-label={t("viewer.presets")}>
      {presetsFor(modality).map((preset, at) => {
        const window = preset.window(stored);
        return (
          <button
            key={preset.name}
            type="button"
            aria-pressed={same(window, pane.window)}
            onClick={() => {
              onAct({ do: "window", window });
            }}
          >
            {t(`viewer.preset.${preset.name}`)} <span aria-hidden="true">{at + 1}</span>
          </button>
        );
      })}
    </div>
  );
}

export function Toolbar({ tool, onTool, pane, modality, stored, onAct, compare }: Props) {
  const { t } = useTranslation();
  return (
    <div className="viewer-toolbar" role="toolbar" aria-label={t("viewer.toolbar")}>
      {TOOLS.map((name) => (
        <ToolButton
          key={name}
          icon={ICONS[name]}
          word={t(`viewer.tool.${name}`)}
          on={tool === name}
          onClick={() => {
            onTool(name);
          }}
        />
      ))}
      <span className="viewer-rule" aria-hidden="true" />
      <ToolButton
        icon={Contrast}
        word={t("viewer.invert")}
        on={pane.invert}
        onClick={() => {
          onAct({ do: "invert" });
        }}
      />
      <ToolButton
        icon={RotateCcw}
        word={t("viewer.reset")}
        onClick={() => {
          onAct({ do: "reset" });
        }}
      />
      {compare !== null && (
        <>
          <ToolButton icon={Columns2} word={t("viewer.compare")} on={compare.on} onClick={compare.toggle} />
          {compare.on && <ToolButton icon={Link2} word={t("viewer.link")} on={compare.linked} onClick={compare.link} />}
        </>
      )}
      <Presets modality={modality} stored={stored} pane={pane} onAct={onAct} />
    </div>
  );
}
