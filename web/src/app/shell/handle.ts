/** What a route tells the shell about its page. */

export type TitleKey =
  | "app.nav.home"
  | "app.nav.send"
  | "app.nav.track"
  | "app.nav.results"
  | "app.nav.patients"
  | "app.nav.worklist"
  | "app.nav.referrals"
  | "app.nav.refer"
  | "app.nav.beds"
  | "app.nav.consults"
  | "consult.apply.title"
  | "consult.schedule.title"
  | "consult.roster.title"
  | "consult.room"
  | "room.class.title"
  | "app.nav.followUps"
  | "app.nav.down"
  | "app.nav.quarantine"
  | "app.nav.organizations"
  | "app.nav.users"
  | "app.nav.me"
  | "app.nav.kit"
  | "app.missing.title"
  | "viewer.title"
  | "ecg.title";

export interface PageHandle {
  readonly title: TitleKey;
  /** Where the phone's back arrow leads. */
  readonly back?: string;
  /** Read in the dark, whatever the person chose. */
  readonly dark?: boolean;
  /** Without the page's padding: the page fills main and scrolls its own panes. */
  readonly bare?: boolean;
}
