/** The door of `consult/`: what is asked, one consult with its opinion, and the application. */
export { ApplyPage } from "./ApplyPage.tsx";
export { ConsultPage } from "./ConsultPage.tsx";
export { ConsultsPage } from "./ConsultsPage.tsx";
