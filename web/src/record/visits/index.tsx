/** The door of follow-ups: what is due, and the visit form. */
export { FollowUpPage } from "./FollowUpPage.tsx";
export { FollowUpsPage } from "./FollowUpsPage.tsx";
