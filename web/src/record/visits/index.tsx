/** The door of follow-ups: what is due, and the visit form. */
export { SoonPage as FollowUpsPage } from "../../ui/SoonPage.tsx";
export { SoonPage as FollowUpPage } from "../../ui/SoonPage.tsx";
