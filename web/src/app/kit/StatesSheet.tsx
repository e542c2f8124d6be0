/** The gallery's states: tracker, notes, failures, empty, skeleton, the offline bar, tables. */
import { Button } from "antd";
import { useState } from "react";
import { instant } from "../../api/clock.ts";
import { LineDown, Problem } from "../../api/problems.ts";
import type { Order } from "../../api/types.ts";
import { CriticalBand } from "../../ui/CriticalBand.tsx";
import { DataTable, type Column } from "../../ui/DataTable.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { LineTag } from "../../ui/LineTag.tsx";
import { NewRowsBar } from "../../ui/NewRowsBar.tsx";
import { Note } from "../../ui/Note.tsx";
import { OfflineBar } from "../../ui/OfflineBar.tsx";
import { firstFlag, FlagTag, Holder, OrderStateTag } from "../../ui/orderTags.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { PatientName } from "../../ui/Patient.tsx";
import { PriorityPlate } from "../../ui/Plate.tsx";
import { ProblemCard, ProblemNote } from "../../ui/ProblemNote.tsx";
import { SkeletonRows } from "../../ui/Skeletons.tsx";
import { StageClock } from "../../ui/StageClock.tsx";
import { Tracker, type TrackerStep } from "../../ui/Tracker.tsx";
import { useScreen } from "../../ui/useScreen.ts";
import { inMinutes, sampleOrders } from "./samples.ts";

const nothing = () => undefined;

function steps(): readonly TrackerStep[] {
  return [
    { key: "sent", label: "已发送", at: "done", time: inMinutes(-20), who: "58 KB" },
    { key: "received", label: "中心已收", at: "done", time: inMinutes(-19) },
    { key: "claimed", label: "已领取", at: "done", time: inMinutes(-18), who: "王珂" },
    { key: "reading", label: "判读中", at: "now", who: "王珂 · 有危急值" },
    { key: "verify", label: "审核签发", at: "ahead", who: "陈岳" },
    { key: "back", label: "回到本院", at: "ahead" },
  ];
}

export function StatesSheet() {
  const phone = useScreen() === "phone";
  return (
    <>
      <Panel title="追踪条">
        <Tracker steps={steps()} upright={phone} />
      </Panel>
      <Panel title="提示和失败">
        <div className="col">
          <Note tone="info">为什么送到这里：CT 属于影像中心；协议有效至 2027-06-30</Note>
          <Note tone="ok">左右侧、性别、年龄、部位与申请一致</Note>
          <Note tone="machine">机器测到 III 导 ST +0.34 mV。机器只提示，由您判定</Note>
          <ProblemNote failure={new Problem({ status: 409, code: "CLAIMED" })} />
          <ProblemNote failure={new LineDown()} />
          <div className="row wrap">
            <LineTag at="live" roundTripMs={42} />
            <LineTag at="live" roundTripMs={900} />
            <LineTag at="reconnecting" />
            <LineTag at="down" />
          </div>
          <OfflineBar since={instant(inMinutes(-12))} waiting={12} />
        </div>
      </Panel>
      <ProblemCard failure={new LineDown()} safe="前 82 张已在县里，其余已存在本机" onRetry={nothing} />
      <Panel title="空和骨架" flush>
        <EmptyState title="都看完了" text="今天完成 46 份。新检查到了会响一声。" />
        <SkeletonRows rows={2} />
      </Panel>
    </>
  );
}

const COLUMNS: readonly Column<Order>[] = [
  { key: "clock", title: "剩余时间", cell: (order) => <StageClock limit={order} /> },
  { key: "plate", title: "急缓", cell: (order) => <PriorityPlate priority={order.priority} /> },
  { key: "holder", title: "在谁手里", cell: (order) => <Holder by={order.claimed_by} me="me" /> },
  { key: "patient", title: "病人", cell: (order) => <PatientName patient={order.patient} /> },
  { key: "title", title: "检查", cell: (order) => order.title },
  { key: "from", title: "来自", cell: (order) => order.organization.name },
  {
    key: "instances",
    title: "张数",
    numeric: true,
    cell: (order) => `${String(order.instances)}/${String(order.expected_instances ?? order.instances)}`,
  },
  { key: "flag", title: "提示", cell: (order) => <Flagged order={order} /> },
  { key: "state", title: "状态", cell: (order) => <OrderStateTag state={order.state} /> },
  { key: "number", title: "单号", numeric: true, cell: (order) => <span className="mut">{order.number}</span> },
];

function Flagged({ order }: { order: Order }) {
  const flag = firstFlag(order.flags);
  return flag === null ? null : <FlagTag flag={flag} />;
}

function OrderCard({ order }: { order: Order }) {
  return (
    <>
      <span className="row">
        <PriorityPlate priority={order.priority} />
        <PatientName patient={order.patient} />
        <span className="sp" />
        <StageClock limit={order} />
      </span>
      <span className="row sub">
        <span className="ell">
          {order.title}，{order.organization.name}
        </span>
        <span className="sp" />
        <Holder by={order.claimed_by} me="me" />
      </span>
      {order.flags.length > 0 && (
        <span>
          <Flagged order={order} />
        </span>
      )}
    </>
  );
}

export function TablesSheet() {
  const [orders] = useState(sampleOrders);
  const [selected, setSelected] = useState<string | null>("DR-2611-0142");
  return (
    <>
      <CriticalBand
        title="马建国 男 68 岁 · 急性下壁心肌梗死"
        text="心电诊断中心 王珂 08:24 通知 · 等您确认"
        due_at={orders[0]?.due_at ?? null}
      >
        <Button>打电话给王珂</Button>
        <Button>确认并复读</Button>
      </CriticalBand>
      <NewRowsBar of="study" count={2} onShow={nothing} />
      <Panel title="工作单" aside="分级 → 剩余时间" flush>
        <DataTable
          label="工作单"
          rows={orders}
          columns={COLUMNS}
          rowKey={(order) => order.id}
          card={(order) => <OrderCard order={order} />}
          selected={selected}
          onSelect={(order) => {
            setSelected(order.id);
          }}
          onOpen={nothing}
          isCritical={(order) => order.flags.some(({ level }) => level === "critical")}
          empty={<EmptyState title="都看完了" />}
        />
      </Panel>
    </>
  );
}
