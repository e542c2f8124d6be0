/** The door of the referral desk: its pages, and nothing else of it is visible from outside. */
export { SoonPage as ReferralsPage } from "../ui/SoonPage.tsx";
export { SoonPage as TicketPage } from "../ui/SoonPage.tsx";
