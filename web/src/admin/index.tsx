/** The door of `admin/`: its pages, and nothing else of it is visible from outside. */
export { SoonPage as OrganizationsPage } from "../ui/SoonPage.tsx";
export { SoonPage as UsersPage } from "../ui/SoonPage.tsx";
export { SoonPage as QuarantinePage } from "../ui/SoonPage.tsx";
