/**
 * The hub's REST description as types. Written by hand from the contract until the hub exports its own description;
 * then `openapi-typescript web/openapi.json --immutable --root-types` replaces this file. Import through `../types.ts`.
 */

export interface Ref {
  readonly id: string;
  readonly name: string;
}

export type Kind = "ecg" | "radiology" | "imaging" | "lab";
export type Priority = "emergency" | "urgent" | "routine";
export type Sex = "male" | "female" | "unknown";
export type RoleName =
  | "township-doctor"
  | "technician"
  | "reporting-physician"
  | "reviewing-physician"
  | "consultant"
  | "referral-desk"
  | "ward-nurse"
  | "family-doctor"
  | "registrar"
  | "medical-affairs"
  | "bureau"
  | "administrator"
  | "auditor";

export type OrderState =
  | "receiving"
  | "quarantined"
  | "unrouted"
  | "ready"
  | "claimed"
  | "returned"
  | "awaiting-verification"
  | "final"
  | "amending"
  | "cancel-requested"
  | "cancelled";
export type ReportState = "draft" | "preliminary" | "signed" | "released" | "superseded";

export type Command =
  | { readonly name: string; readonly allowed: true }
  | { readonly name: string; readonly allowed: false; readonly reason: string; readonly until?: string | null };

export interface Text2 {
  readonly zh: string;
  readonly en: string;
}

export interface Problem {
  readonly type?: string;
  readonly title?: string;
  readonly status: number;
  readonly detail?: string;
  readonly code: string;
  readonly errors?: readonly { readonly pointer: string; readonly code: string; readonly detail?: string }[];
  readonly commands?: readonly Command[];
}

export interface Role {
  readonly role: RoleName;
  readonly organization: Ref;
  readonly centre?: (Ref & { readonly kind: Kind }) | null;
}

export interface SessionUser {
  readonly id: string;
  readonly name: string;
  readonly username: string;
  readonly title: string | null;
  readonly roles: readonly Role[];
}

export interface Session {
  readonly user: SessionUser;
  readonly expires_at: string;
  /** Goes into `X-CSRF-Token` of writing requests. */
  readonly csrf: string;
  readonly token?: string;
}

export interface PatientSummary {
  readonly id: string;
  readonly name: string;
  readonly sex: Sex;
  readonly age: number | null;
  readonly birth_date: string | null;
  readonly masked_id: string | null;
  readonly assistance?: readonly string[] | null;
  readonly pinyin: string | null;
}

export interface Flag extends Text2 {
  readonly code: string;
  readonly level: "info" | "warn" | "machine" | "critical";
}

export interface Order {
  readonly id: string;
  readonly number: string;
  readonly kind: Kind;
  readonly state: OrderState;
  readonly version: number;
  readonly priority: Priority;
  readonly centre: Ref | null;
  readonly organization: Ref;
  readonly study_uid: string | null;
  readonly accession: string;
  readonly patient: PatientSummary | null;
  /** What the objects say, for whom nobody has matched yet. */
  readonly dicom_patient: { readonly name: string; readonly id_masked: string } | null;
  readonly title: string;
  readonly modalities: readonly string[];
  readonly question: string | null;
  readonly history: string | null;
  readonly instances: number;
  readonly expected_instances: number | null;
  readonly due_at: string | null;
  readonly paused_at: string | null;
  readonly paused_seconds: number;
  readonly limit_minutes: number | null;
  readonly received_at: string | null;
  readonly complete_at: string | null;
  readonly claimed_by: Ref | null;
  readonly claim_expires_at: string | null;
  readonly reader: Ref | null;
  readonly route_reason: Text2 | null;
  readonly flags: readonly Flag[];
  /** Why and when it was given back. */
  readonly return: { readonly code: string; readonly reason: string; readonly at: string | null } | null;
  readonly fee_waiver: string | null;
  readonly report_id: string | null;
  readonly report_state: ReportState | null;
  readonly priors: number;
  readonly created_at: string;
  readonly final_at: string | null;
  readonly commands: readonly Command[];
}

export interface OrderEvent {
  readonly at: string;
  /** `reading-orders.claimed` */
  readonly name: string;
  readonly state: string;
  readonly actor: Ref | null;
}

export interface OrderDetail extends Order {
  readonly events: readonly OrderEvent[];
  readonly contact: { readonly name: string; readonly phone: string };
}

export interface OrderCounts {
  readonly all: number;
  readonly mine: number;
  readonly ready: number;
  readonly "awaiting-verification": number;
  readonly returned: number;
  readonly amending: number;
  readonly critical: number;
  readonly "final-today": number;
}

export interface OrderPage {
  readonly items: readonly Order[];
  readonly next: string | null;
  readonly counts: OrderCounts;
}

export interface OrderQuery {
  readonly centre?: string;
  readonly state?: string;
  readonly mine?: "1";
  readonly organization?: string;
  readonly patient?: string;
  readonly kind?: string;
  readonly critical?: "1";
  readonly q?: string;
  readonly cursor?: string;
}

export interface OrderNew {
  readonly patient_id: string;
  readonly kind: Kind;
  readonly priority: Priority;
  readonly question: string;
  readonly history: string;
  readonly expected_instances?: number;
  readonly accession?: string;
}

export interface RoutePreview {
  readonly centre: Ref | null;
  readonly limit_minutes: number | null;
  readonly reason: Text2;
  /** Why it goes nowhere. */
  readonly code: string | null;
  readonly rule_version: number;
  readonly phone: string | null;
}

/** Who signed, with which title, when. */
export interface Signer extends Ref {
  readonly title: string;
  readonly at: string | null;
}

/** One edition of a report; `id` is null before anything was written. */
export interface Report {
  readonly id: string;
  readonly order_id: string;
  readonly order_number: string;
  readonly number: string | null;
  readonly edition: number;
  readonly state: ReportState;
  readonly preliminary: boolean;
  readonly version: number;
  readonly findings: string;
  readonly impression: string;
  readonly positive: boolean;
  readonly critical: boolean;
  readonly amend_kind: "addendum" | "correction" | "identity-error" | null;
  readonly amend_reason: string | null;
  readonly sent_back_reason: string | null;
  readonly author: Signer | null;
  readonly verifier: Signer | null;
  readonly signed_at: string | null;
  readonly released_at: string | null;
  readonly updated_at: string | null;
  readonly digest: string | null;
  readonly verification_code: string | null;
  readonly organization: Ref;
  readonly centre: Ref | null;
  readonly study_uid: string | null;
  readonly patient: PatientSummary | null;
  readonly fee_waiver: string | null;
  readonly editions: readonly {
    readonly id: string;
    readonly edition: number;
    readonly state: ReportState;
    readonly amend_kind: Report["amend_kind"];
    readonly amend_reason: string | null;
    readonly released_at: string | null;
  }[];
  readonly reads: readonly {
    readonly user: Ref;
    readonly organization_id: string;
    readonly at: string;
    readonly receipt: boolean;
  }[];
  readonly commands: readonly Command[];
}

export interface ReportText {
  readonly findings: string;
  readonly impression: string;
  readonly positive: boolean;
  readonly critical: boolean;
}

/** A report that waits to be read at the sender's. */
export interface UnreadReport {
  readonly id: string;
  readonly number: string;
  readonly edition: number;
  readonly order_id: string;
  readonly order_number: string;
  readonly kind: Kind;
  readonly title: string;
  readonly patient_id: string | null;
  readonly patient_name: string | null;
  readonly impression: string;
  readonly positive: boolean;
  readonly critical: boolean;
  readonly amend_kind: Report["amend_kind"];
  readonly released_at: string | null;
  readonly preliminary: boolean;
  readonly version: number;
}

export interface Identifier {
  readonly system: string;
  readonly value: string;
  readonly issuer?: string;
}

/** A dated assistance category; sent to care roles only. */
export interface AssistanceHeld extends Text2 {
  readonly category: string;
  readonly from: string;
  readonly to: string | null;
  readonly active: boolean;
  readonly bed_priority: boolean;
}

/** A patient in a list; of a stranger only what tells people apart. */
export interface PatientCard {
  readonly id: string;
  readonly visible: boolean;
  readonly name: string;
  readonly pinyin: string;
  readonly record_number: string | null;
  readonly sex: Sex;
  readonly birth_date: string | null;
  readonly age: number | null;
  readonly masked_id: string;
  readonly phone_masked: string;
  readonly allergies: string;
  readonly assistance: readonly AssistanceHeld[] | null;
  readonly provisional: boolean;
  readonly organization: Ref;
  readonly version: number;
}

/** A record that may be the same person. */
export interface SimilarPatient {
  readonly id: string;
  readonly name: string;
  readonly sex: Sex;
  readonly age: number | null;
  readonly masked_id: string;
  readonly organization: Ref;
  readonly score: number;
  readonly grounds: readonly string[];
}

export interface Patient extends PatientCard {
  readonly identifiers: readonly { readonly system: string; readonly issuer: string; readonly masked: string }[];
  readonly address: string;
  readonly created_at: string;
  readonly possible_duplicates: readonly SimilarPatient[];
  readonly commands: readonly Command[];
}

/** Plain numbers, to be shown for `shown_seconds` and forgotten. */
export interface Revealed {
  readonly resident_id: string | null;
  readonly identifiers: readonly { readonly system: string; readonly issuer: string; readonly value: string }[];
  readonly phone: string;
  readonly shown_seconds: number;
}

/** A broken glass. */
export interface Grant {
  readonly patient_id: string;
  readonly granted_at: string;
  readonly expires_at: string;
}

export interface PatientNew {
  readonly name: string;
  readonly sex: Sex;
  readonly birth_date?: string;
  readonly identifiers: readonly Identifier[];
  readonly phone?: string;
  readonly address?: string;
  readonly allergies?: string;
  readonly assistance?: readonly { readonly category: string; readonly from: string; readonly to?: string }[];
  readonly provisional?: boolean;
}

export interface Instance {
  readonly uid: string;
  readonly number: number | null;
  readonly sop_class: string;
  readonly transfer_syntax: string;
  readonly rows: number | null;
  readonly columns: number | null;
  readonly frames: number;
  readonly has_pixels: boolean;
  readonly url: string;
}

export interface Series {
  readonly uid: string;
  readonly number: number | null;
  readonly modality: string;
  readonly description: string | null;
  readonly instances: readonly Instance[];
}

export interface Study {
  readonly uid: string;
  readonly state: string;
  readonly version: number;
  readonly organization: Ref;
  readonly patient: PatientSummary | null;
  readonly order_id: string | null;
  readonly description: string | null;
  readonly modalities: readonly string[];
  readonly study_at: string | null;
  readonly received_at: string;
  readonly series_count: number;
  readonly instance_count: number;
  readonly bytes: number;
  readonly reason: Text2 | null;
  readonly dicom_patient: {
    readonly name: string;
    readonly id: string | null;
    readonly birth_date: string | null;
    readonly sex: Sex;
  };
  readonly flags: readonly Flag[];
  readonly commands: readonly Command[];
}

export interface StudyDetail extends Study {
  readonly series: readonly Series[];
}

export interface EcgGroup {
  readonly kind: string;
  readonly label: string;
  readonly leads: readonly string[];
  readonly samples_per_lead: number;
  readonly sampling_rate_hz: number;
  readonly start_offset_s: number;
  readonly byte_offset: number;
  readonly byte_length: number;
  readonly microvolts_per_count: readonly number[];
  readonly microvolts_at_zero: readonly number[];
  readonly filters: {
    readonly low_hz: number | null;
    readonly high_hz: number | null;
    readonly notch_hz: number | null;
  };
  readonly lossless: boolean;
}

export interface EcgMeasurements {
  readonly heart_rate_bpm: number | null;
  readonly pr_ms: number | null;
  readonly qrs_ms: number | null;
  readonly qt_ms: number | null;
  readonly qtc_ms: number | null;
  readonly axis_deg: number | null;
  readonly st_mv: Readonly<Record<string, number>>;
  readonly irregular?: boolean;
  readonly beats?: number;
}

export interface EcgOpinion {
  readonly label: string;
  readonly measurements: EcgMeasurements;
  readonly incomplete: boolean;
  readonly quality: readonly { readonly flag: string; readonly lead: string | null }[];
  readonly suspicions: readonly {
    readonly code: string;
    readonly leads: readonly string[];
    readonly text: string;
    readonly limits_version: string;
  }[];
}

export interface Ecg {
  readonly encoding: string;
  readonly groups: readonly EcgGroup[];
  readonly device_measurements: readonly { readonly name: string; readonly value: number; readonly unit: string }[];
  readonly device_statements: readonly string[];
  readonly opinion: EcgOpinion | null;
  readonly prior_study_uid: string | null;
}

export interface AeTitle {
  readonly ae_title: string;
  readonly organization_id: string;
  readonly description: string;
  readonly charset: string | null;
  readonly default_priority: Priority;
  readonly addresses: readonly string[];
  readonly host: string | null;
  readonly port: number | null;
  readonly last_seen_at: string | null;
  readonly disabled_at: string | null;
  readonly version: number;
}

export interface AeTitleNew {
  readonly ae_title: string;
  readonly description?: string;
  readonly charset?: string | null;
  readonly default_priority?: Priority;
  readonly addresses?: readonly string[];
  readonly host?: string | null;
  readonly port?: number | null;
}

export interface Centre {
  readonly id: string;
  readonly kind: Kind;
  readonly name: string;
  readonly modalities: readonly string[];
  readonly opens: string;
  readonly closes: string;
  readonly weekdays: readonly number[];
  readonly emergency_round_the_clock: boolean;
  readonly phone: string;
}

export type OrganizationKind = "village" | "township" | "county" | "higher" | "bureau";

export interface Organization {
  readonly id: string;
  readonly name: string;
  readonly kind: OrganizationKind;
  readonly division: string;
  readonly parent_id: string | null;
  readonly record_area: string;
  readonly phone: string;
  readonly beds: number | null;
  readonly closed_at: string | null;
  readonly centres: readonly Centre[];
  readonly version: number;
}

export interface OrganizationNew {
  readonly id: string;
  readonly name: string;
  readonly kind: OrganizationKind;
  readonly division: string;
  readonly parent_id?: string | null;
  readonly record_area?: string;
  readonly phone?: string;
  readonly beds?: number | null;
}

export interface User {
  readonly id: string;
  readonly username: string;
  readonly name: string;
  readonly title: string;
  readonly phone: string;
  readonly roles: readonly Role[];
  readonly second_factor: boolean;
  readonly disabled_at: string | null;
  readonly created_at: string;
  readonly version: number;
}

export interface UserNew {
  readonly username: string;
  readonly name: string;
  readonly title?: string;
  readonly phone?: string;
  readonly password: string;
  readonly roles: readonly { readonly role: RoleName; readonly organization_id: string; readonly centre_id?: string }[];
}

export interface Task extends Text2 {
  readonly id: string;
  readonly kind: string;
  readonly subject: { readonly kind: string; readonly id: string };
  readonly organization_id: string;
  readonly role: RoleName;
  readonly due_at: string;
  readonly overdue: boolean;
  readonly created_at: string;
  readonly version: number;
}

/** An object that came and could not be taken in. */
export interface SetAside {
  readonly id: string;
  readonly code: string;
  readonly reason: Text2;
  readonly note: string;
  /** The sender's id. */
  readonly organization: string;
  readonly study_uid: string | null;
  readonly sop_instance_uid: string | null;
  readonly bytes: number;
  readonly via: string;
  readonly at: string;
  readonly resolved_at: string | null;
  readonly resolution: string | null;
}

export interface Overview {
  readonly sending: number;
  readonly reading: number;
  readonly mine: { readonly returned: number; readonly tasks: number };
  readonly unread: number;
  readonly moving: readonly Order[];
  readonly unread_reports: readonly UnreadReport[];
  readonly tasks: readonly OverviewTask[];
}

export interface OverviewTask extends Text2 {
  readonly id: string;
  readonly kind: string;
  readonly subject_kind: string;
  readonly subject_id: string;
  readonly due_at: string;
}

interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

interface Answer<T, S extends number = 200> {
  readonly responses: {
    readonly [K in S]: { readonly headers: object; readonly content: { readonly "application/json": T } };
  } & {
    readonly default: { readonly headers: object; readonly content: { readonly "application/problem+json": Problem } };
  };
}
interface Body<T> {
  readonly requestBody: { readonly content: { readonly "application/json": T } };
}
interface At {
  readonly parameters: { readonly path: { readonly id: string } };
}
interface Ask<Q> {
  readonly parameters: { readonly query?: Q };
}
interface Plain {
  readonly parameters: object;
}

type OrderCommandPaths = {
  readonly [
    C in
      | "claim"
      | "release"
      | "return"
      | "renew"
      | "resend"
      | "cancel"
      | "confirm-cancel"
      | "keep"
      | "route" as `/api/v1/reading-orders/{id}/${C}`
  ]: { readonly post: At & Answer<Order> };
};

type ReportCommandPaths = {
  readonly [
    C in "sign" | "verify" | "send-back" | "amend" | "issue-preliminary" | "read" as `/api/v1/reports/{id}/${C}`
  ]: { readonly post: At & Answer<Report> };
};

export interface paths extends OrderCommandPaths, ReportCommandPaths {
  readonly "/api/v1/session": {
    readonly get: Plain & Answer<Session>;
    readonly post: Plain &
      Body<{ readonly username: string; readonly password: string; readonly otp?: string }> &
      Answer<Session, 201>;
    readonly delete: Plain & Answer<never, 204>;
  };
  readonly "/api/v1/reading-orders": {
    readonly get: Ask<OrderQuery> & Answer<OrderPage>;
    readonly post: Plain & Body<OrderNew> & Answer<Order, 201>;
  };
  readonly "/api/v1/reading-orders/preview-route": {
    readonly post: Plain &
      Body<{ readonly kind: Kind; readonly modality?: string; readonly priority: Priority }> &
      Answer<RoutePreview>;
  };
  readonly "/api/v1/reading-orders/{id}": { readonly get: At & Answer<OrderDetail> };
  readonly "/api/v1/reading-orders/{id}/report": {
    readonly get: At & Answer<Report>;
    readonly put: At & Body<ReportText> & Answer<Report>;
  };
  readonly "/api/v1/reports": { readonly get: Ask<{ readonly unread?: "1" }> & Answer<Page<UnreadReport>> };
  readonly "/api/v1/reports/{id}": { readonly get: At & Answer<Report> };
  readonly "/api/v1/patients": {
    readonly get: Ask<{ readonly q?: string; readonly cursor?: string }> & Answer<Page<PatientCard>>;
    readonly post: Plain & Body<PatientNew> & Answer<Patient, 201>;
  };
  readonly "/api/v1/patients/{id}": { readonly get: At & Answer<Patient> };
  readonly "/api/v1/patients/{id}/break-glass": {
    readonly post: At & Body<{ readonly reason: string }> & Answer<Grant>;
  };
  readonly "/api/v1/patients/{id}/reveal": { readonly post: At & Body<{ readonly reason: string }> & Answer<Revealed> };
  readonly "/api/v1/studies": {
    readonly get: Ask<{
      readonly state?: string;
      readonly patient?: string;
      readonly organization?: string;
      readonly cursor?: string;
    }> &
      Answer<Page<Study>>;
  };
  readonly "/api/v1/studies/{uid}": {
    readonly get: { readonly parameters: { readonly path: { readonly uid: string } } } & Answer<StudyDetail>;
  };
  readonly "/api/v1/studies/{uid}/ecg": {
    readonly get: { readonly parameters: { readonly path: { readonly uid: string } } } & Answer<Ecg>;
  };
  readonly "/api/v1/studies/{uid}/ecg/samples": {
    readonly get: {
      readonly parameters: { readonly path: { readonly uid: string } };
      readonly responses: {
        readonly 200: { readonly headers: object; readonly content: { readonly "application/octet-stream": string } };
        readonly default: {
          readonly headers: object;
          readonly content: { readonly "application/problem+json": Problem };
        };
      };
    };
  };
  readonly "/dicom-web/studies/{study}/series/{series}/metadata": {
    readonly get: Plain &
      Answer<readonly Readonly<Record<string, { readonly vr: string; readonly Value?: readonly unknown[] }>>[]>;
  };
  readonly "/api/v1/studies/{uid}/match": {
    readonly post: { readonly parameters: { readonly path: { readonly uid: string } } } & Answer<Order>;
  };
  readonly "/api/v1/organizations": {
    readonly get: Plain & Answer<Page<Organization>>;
    readonly post: Plain & Body<OrganizationNew> & Answer<Organization, 201>;
  };
  readonly "/api/v1/organizations/{id}": {
    readonly get: At & Answer<Organization>;
    readonly put: At & Body<Omit<OrganizationNew, "id">> & Answer<Organization>;
  };
  readonly "/api/v1/organizations/{id}/ae-titles": {
    readonly get: At & Answer<Page<AeTitle>>;
    readonly post: At & Body<AeTitleNew> & Answer<AeTitle, 201>;
  };
  readonly "/api/v1/organizations/{id}/ae-titles/{ae}/disable": { readonly post: Plain & Answer<AeTitle> };
  readonly "/api/v1/users": {
    readonly get: Ask<{ readonly organization?: string; readonly q?: string }> & Answer<Page<User>>;
    readonly post: Plain & Body<UserNew> & Answer<User, 201>;
  };
  readonly "/api/v1/users/{id}/disable": { readonly post: At & Answer<User> };
  readonly "/api/v1/users/{id}/reset-password": { readonly post: At & Body<{ readonly password: string }> & Answer<User> };
  readonly "/api/v1/set-aside": { readonly get: Plain & Answer<Page<SetAside>> };
  readonly "/api/v1/set-aside/{id}/resolve": {
    readonly post: At & Body<{ readonly resolution: string }> & Answer<SetAside>;
  };
  readonly "/api/v1/tasks": { readonly get: Ask<{ readonly mine?: "1" }> & Answer<Page<Task>> };
  readonly "/api/v1/overview": { readonly get: Plain & Answer<Overview> };
}
