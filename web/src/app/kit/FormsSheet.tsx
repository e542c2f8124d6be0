/** The gallery's forms of meaning: plates, clocks, tags, buttons, patients. */
import { Button } from "antd";
import { Check, Send, Siren } from "lucide-react";
import { CommandButton } from "../../ui/CommandButton.tsx";
import { Holder, FlagTag, OrderStateTag, ReportStateTag } from "../../ui/orderTags.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { PatientBanner } from "../../ui/Patient.tsx";
import { PriorityPlate, TriagePlate } from "../../ui/Plate.tsx";
import { Deadline, StageClock } from "../../ui/StageClock.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { useToast } from "../../ui/useToast.tsx";
import { inMinutes, MA } from "./samples.ts";

const LEVELS = [1, 2, 3, 4, null] as const;
const PRIORITIES = ["emergency", "urgent", "routine"] as const;
const nothing = () => undefined;

export function PlatesSheet() {
  return (
    <Panel title="病情急缓 实心方牌">
      <div className="row wrap">
        {LEVELS.map((level) => (
          <TriagePlate key={String(level)} level={level} size={level === null ? "row" : "word"} />
        ))}
        <TriagePlate level={1} />
        <TriagePlate level={3} size="large" />
        {PRIORITIES.map((priority) => (
          <PriorityPlate key={priority} priority={priority} />
        ))}
        {PRIORITIES.map((priority) => (
          <PriorityPlate key={priority} priority={priority} size="word" />
        ))}
      </div>
    </Panel>
  );
}

export function ClocksSheet() {
  const limit = { limit_minutes: 30 };
  return (
    <Panel title="时间 圆环加数字">
      <div className="kit-grid">
        <StageClock limit={{ ...limit, due_at: inMinutes(24.3) }} />
        <StageClock limit={{ limit_minutes: 120, due_at: inMinutes(66) }} />
        <StageClock limit={{ ...limit, due_at: inMinutes(6.3) }} />
        <StageClock limit={{ ...limit, due_at: inMinutes(6.3) }} size="box" />
        <StageClock limit={{ ...limit, due_at: inMinutes(-2.2) }} />
        <StageClock limit={{ ...limit, due_at: inMinutes(-2.2) }} size="box" />
        <StageClock limit={{ ...limit, due_at: inMinutes(30), paused_at: inMinutes(22) }} />
        <StageClock limit={{ ...limit, due_at: null }} />
        <StageClock limit={{ ...limit, due_at: inMinutes(30), done_at: inMinutes(12) }} />
        <Deadline limit={{ ...limit, due_at: inMinutes(6.3) }} />
      </div>
    </Panel>
  );
}

const ORDER_STATES = [
  "receiving",
  "quarantined",
  "unrouted",
  "ready",
  "claimed",
  "returned",
  "awaiting-verification",
  "final",
  "amending",
  "cancelled",
] as const;
const REPORT_STATES = ["draft", "preliminary", "signed", "released", "superseded"] as const;

export function TagsSheet() {
  return (
    <Panel title="标签">
      <div className="row wrap">
        {ORDER_STATES.map((state) => (
          <OrderStateTag key={state} state={state} />
        ))}
        {REPORT_STATES.map((state) => (
          <ReportStateTag key={state} state={state} />
        ))}
        <FlagTag flag={{ code: "A", level: "critical", zh: "危急值", en: "Critical" }} />
        <FlagTag flag={{ code: "B", level: "machine", zh: "机器：疑出血", en: "Machine: bleeding?" }} />
        <FlagTag flag={{ code: "C", level: "warn", zh: "姓名编码已推断", en: "Name guessed" }} />
        <FlagTag flag={{ code: "D", level: "info", zh: "离线补传", en: "Sent later" }} />
        <Tag tone="brand">互认</Tag>
        <Tag tone="over">过敏：青霉素</Tag>
        <Holder by={{ id: "me", name: "王珂" }} me="me" />
        <Holder by={{ id: "x", name: "罗燕" }} me="me" />
        <Holder by={null} me="me" />
      </div>
    </Panel>
  );
}

export function ButtonsSheet() {
  const toast = useToast();
  return (
    <Panel title="按钮">
      <div className="row wrap">
        <CommandButton
          command={{ name: "claim", allowed: true }}
          onRun={() => {
            toast("已退回，计时暂停", nothing);
          }}
          icon={Check}
          keys="A"
          look={{ type: "primary" }}
        >
          接收
        </CommandButton>
        <Button>请补资料</Button>
        <Button danger icon={<Siren aria-hidden="true" />}>
          危急值
        </Button>
        <Button danger type="primary" icon={<Send aria-hidden="true" />}>
          立即上转
        </Button>
        <CommandButton command={{ name: "x", allowed: true }} onRun={nothing} pending look={{ type: "primary" }}>
          提交中
        </CommandButton>
        <CommandButton command={{ name: "verify", allowed: false, reason: "SAME_SIGNER" }} onRun={nothing}>
          审核签发
        </CommandButton>
      </div>
    </Panel>
  );
}

export function PatientSheet() {
  return (
    <Panel title="病人横条">
      <PatientBanner patient={MA} lead={<TriagePlate level={1} />}>
        <Tag>过敏：无</Tag>
      </PatientBanner>
    </Panel>
  );
}
