/**
 * The names under which the app knows the hub's types. They are generated from the hub's own description
 * (`make openapi`); a screen imports from here, so that a type's name on the server can change in one place.
 */
import type { operations, ReportBody } from "./generated/schema.d.ts";

export type {
  AeTitleView as AeTitle,
  AssistanceView as AssistanceHeld,
  CardView as PatientCard,
  CentreView as Centre,
  CommandView as Command,
  CountsView as OrderCounts,
  DeskTaskView as OverviewTask,
  EcgMeasurements,
  EcgOpinion,
  EcgView as Ecg,
  FieldError,
  FlagView as Flag,
  AccountView as User,
  HappenedView as OrderEvent,
  InstanceView as Instance,
  Kind,
  NewAeTitle as AeTitleNew,
  NewOrganization as OrganizationNew,
  NewUser as UserNew,
  OrderDetailView as OrderDetail,
  OrderListView as OrderPage,
  OrderState,
  OrderView as Order,
  OrganizationFields,
  OrganizationKind,
  OrganizationView as Organization,
  OverviewView as Overview,
  PatientLine as PatientSummary,
  PatientView as Patient,
  PlaceBody as OrderNew,
  PreviewView as RoutePreview,
  Priority,
  Ref,
  RegistrationBody as PatientNew,
  ReportState,
  ReportView as Report,
  RevealedView as Revealed,
  Role as RoleName,
  RoleView as Role,
  SeriesView as Series,
  SessionView as Session,
  SetAsideView as SetAside,
  Sex,
  SignerView as Signer,
  SimilarView as SimilarPatient,
  StudyDetail,
  StudyView as Study,
  TaskView as Task,
  UnreadView as UnreadReport,
  UserView as SessionUser,
  Words as Text2,
} from "./generated/schema.d.ts";

/** What the editor holds and saves: all of it, though the hub fills in what is left out. */
export type ReportText = Required<ReportBody>;

/** What a list of orders can be asked for. */
export type OrderQuery = NonNullable<operations["reading_orders_show_list"]["parameters"]["query"]>;
