/** The door of `record/`: its pages, and nothing else of it is visible from outside. */
export { DeskPage } from "./desk/DeskPage.tsx";
export { PatientPage } from "./patients/PatientPage.tsx";
export { PatientsPage } from "./patients/PatientsPage.tsx";
export { ReportPage } from "./results/ReportPage.tsx";
export { ResultsPage } from "./results/ResultsPage.tsx";
export { SendPage } from "./send/SendPage.tsx";
export { TrackListPage } from "./track/TrackListPage.tsx";
export { TrackPage } from "./track/TrackPage.tsx";
