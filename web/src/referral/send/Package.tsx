/** The whole package: what was found, done, taken, agreed to, and what is attached. An emergency writes it on the way. */
import { Checkbox, Form, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import { civil, lastAt } from "../../api/clock.ts";
import type { KnownReport, ReasonCode } from "../../api/types.ts";
import { When } from "../../ui/When.tsx";
import type { Writing } from "./Ride.tsx";

const TEXTS = ["presentHistory", "pastHistory", "treatment", "allergies", "medicines", "attention"] as const;
const REASONS = ["critical", "beyond-capability", "unclear-diagnosis", "needs-equipment", "designated-hospital", "patient-wish"] as const satisfies readonly ReasonCode[]; // prettier-ignore
const CONSENT = ["consentBy", "consentRelation"] as const;
const LIKE = "J18.9";

export function Diagnosis({ it, set }: Writing) {
  const { t } = useTranslation();
  return (
    <div className="rf-diagnosis">
      <Form.Item label={t("refer.package.diagnosis")} htmlFor="rf-diagnosis">
        <Input
          id="rf-diagnosis"
          size="large"
          value={it.diagnosis}
          onChange={(event) => {
            set({ diagnosis: event.target.value });
          }}
        />
      </Form.Item>
      <Form.Item label={t("refer.package.code")} htmlFor="rf-code">
        <Input
          id="rf-code"
          size="large"
          placeholder={LIKE}
          value={it.code}
          onChange={(event) => {
            set({ code: event.target.value.trim().toUpperCase() });
          }}
        />
      </Form.Item>
    </div>
  );
}

export function Summary({ it, set }: Writing) {
  const { t } = useTranslation();
  return (
    <>
      <Form.Item label={t("refer.package.summary")} htmlFor="rf-summary">
        <Input.TextArea
          id="rf-summary"
          autoSize={{ minRows: 2, maxRows: 6 }}
          value={it.summary}
          onChange={(event) => {
            set({ summary: event.target.value });
          }}
        />
      </Form.Item>
      <Form.Item label={t("refer.package.onset")} htmlFor="rf-onset">
        <Input
          id="rf-onset"
          type="time"
          className="rf-time"
          value={it.onsetAt === null ? "" : civil(it.onsetAt).time}
          onChange={(event) => {
            set({ onsetAt: lastAt(event.target.value) });
          }}
        />
      </Form.Item>
    </>
  );
}

export function Reason({ it, set }: Writing) {
  const { t } = useTranslation();
  return (
    <Form.Item label={t("refer.package.reason")} htmlFor="rf-reason">
      <Select<ReasonCode>
        id="rf-reason"
        size="large"
        placeholder={t("refer.package.chooseReason")}
        value={it.reasonCode === "" ? null : it.reasonCode}
        onChange={(reasonCode) => {
          set({ reasonCode });
        }}
        options={REASONS.map((value) => ({ value, label: t(`referral.reasonCode.${value}`) }))}
      />
    </Form.Item>
  );
}

export function Histories({ it, set }: Writing) {
  const { t } = useTranslation();
  return TEXTS.map((name) => (
    <Form.Item key={name} label={t(`refer.package.${name}`)} htmlFor={`rf-${name}`}>
      <Input.TextArea
        id={`rf-${name}`}
        autoSize={{ minRows: 1, maxRows: 6 }}
        value={it[name]}
        onChange={(event) => {
          set({ [name]: event.target.value });
        }}
      />
    </Form.Item>
  ));
}

export function ConsentFields({ it, set }: Writing) {
  const { t } = useTranslation();
  return (
    <div className="col">
      <Checkbox
        checked={it.consentGiven}
        onChange={(event) => {
          set({ consentGiven: event.target.checked });
        }}
      >
        {t("refer.package.consent")}
      </Checkbox>
      <div className="rf-two">
        {CONSENT.map((name) => (
          <Form.Item key={name} label={t(`refer.package.${name}`)} htmlFor={`rf-${name}`}>
            <Input
              id={`rf-${name}`}
              value={it[name]}
              onChange={(event) => {
                set({ [name]: event.target.value });
              }}
            />
          </Form.Item>
        ))}
      </div>
    </div>
  );
}

/** Reports go with the ticket unless somebody takes one out; its study goes with its report. */
export function Reports({ it, set, reports }: Writing & { reports: readonly KnownReport[] }) {
  const { t } = useTranslation();
  if (reports.length === 0) return null;
  const toggle = ({ id, study_uid }: KnownReport) => {
    const on = it.reports.includes(id);
    const studies = it.studies.filter((uid) => uid !== study_uid);
    set({
      reports: on ? it.reports.filter((each) => each !== id) : [...it.reports, id],
      studies: on || study_uid === null ? studies : [...studies, study_uid],
    });
  };
  return (
    <fieldset className="choices col g4">
      <legend className="choices-label">{t("refer.package.reports")}</legend>
      {reports.map((report) => (
        <Checkbox
          key={report.id}
          checked={it.reports.includes(report.id)}
          onChange={() => {
            toggle(report);
          }}
        >
          <b>{report.title}</b> <span className="sub">{report.impression.split("\n")[0]}</span>{" "}
          <span className="s12 mut">
            {report.number} · <When at={report.at} />
          </span>
        </Checkbox>
      ))}
    </fieldset>
  );
}
