/** The door of the referral desk: its pages, and nothing else of it is visible from outside. */
export { ReferralsPage } from "./desk/ReferralsPage.tsx";
