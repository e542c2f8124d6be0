/** The form for one patient: the emergency's few touches on one screen, the whole package for everybody else. */
import { Form } from "antd";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import type { Patient, Prefill } from "../../api/types.ts";
import { useScreen } from "../../ui/useScreen.ts";
import { Destination } from "./Destination.tsx";
import { Measured } from "./Measured.tsx";
import { ConsentFields, Diagnosis, Histories, Reason, Reports, Summary } from "./Package.tsx";
import { Ride, type Writing } from "./Ride.tsx";
import { Scope } from "./Scope.tsx";
import { SendBar } from "./Send.tsx";
import { LevelChoice, PathwayChoice } from "./Touches.tsx";
import { useReferForm, type Refer } from "./useReferForm.ts";
import { Who } from "./Who.tsx";

interface Props {
  readonly patient: Patient;
  readonly known: Prefill;
}

/** Diagnosis in one line, then what a plan needs beside it; an emergency may leave all of it for the way. */
function Words({ it, set, known, green }: Writing & { known: Prefill; green: boolean }) {
  const { t } = useTranslation();
  const all = (
    <>
      {!green && <Reason it={it} set={set} />}
      <Summary it={it} set={set} />
      <Histories it={it} set={set} />
      <Reports it={it} set={set} reports={known.reports} />
      <ConsentFields it={it} set={set} />
    </>
  );
  return (
    <Form layout="vertical" component="section" className="card rf-card">
      <Diagnosis it={it} set={set} />
      {green ? (
        <details className="rf-details">
          <summary>{t("refer.package.more")}</summary>
          {all}
        </details>
      ) : (
        all
      )}
    </Form>
  );
}

/** Who, how ill, on which pathway, measured how. */
function About({ form, patient, known }: Props & { form: Refer }) {
  const { it, set, green } = form;
  const hurried = useSearchParams()[0].get("green") === "1";
  return (
    <>
      <Who patient={patient} known={known} level={it.level} />
      <LevelChoice it={it} set={set} />
      {[green, hurried, it.pathway !== null].includes(true) && <PathwayChoice it={it} set={set} />}
      <Measured
        vitals={it.vitals}
        news2={null}
        onChange={(vitals) => {
          set({ vitals });
        }}
      />
    </>
  );
}

/** Where to, why all the same, and how. */
function Going({ form }: { form: Refer }) {
  return (
    <>
      <Destination form={form} />
      {form.scope !== null && <Scope words={form.scope} reason={form.reason} onReason={form.setReason} />}
      <Ride it={form.it} set={form.set} />
    </>
  );
}

function End({ form }: { form: Refer }) {
  const { green, lacks, sending, phone, offline, send } = form;
  return <SendBar green={green} lacks={lacks} sending={sending} phone={phone} offline={offline} onSend={send} />;
}

/** On the phone in the order of the touches, the words last; on the desk in two columns. */
export function ReferForm({ patient, known }: Props) {
  const form = useReferForm(patient, known);
  const { it, set, green } = form;
  const phone = useScreen() === "phone";
  const words = it.level !== null && <Words it={it} set={set} known={known} green={green} />;
  if (phone)
    return (
      <div className="rf-phone">
        <About form={form} patient={patient} known={known} />
        <Going form={form} />
        {words}
        <End form={form} />
      </div>
    );
  return (
    <div className="rf">
      <div className="rf-half">
        <About form={form} patient={patient} known={known} />
        {words}
      </div>
      <div className="rf-half rf-right">
        <Going form={form} />
        <End form={form} />
      </div>
    </div>
  );
}
