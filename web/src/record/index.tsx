/** The door of `record/`: its pages, and nothing else of it is visible from outside. */
export { SoonPage as DeskPage } from "../ui/SoonPage.tsx";
export { SoonPage as SendPage } from "../ui/SoonPage.tsx";
export { SoonPage as TrackListPage } from "../ui/SoonPage.tsx";
export { SoonPage as TrackPage } from "../ui/SoonPage.tsx";
export { SoonPage as ResultsPage } from "../ui/SoonPage.tsx";
export { SoonPage as ReportPage } from "../ui/SoonPage.tsx";
export { SoonPage as PatientsPage } from "../ui/SoonPage.tsx";
export { SoonPage as PatientPage } from "../ui/SoonPage.tsx";
