/** The door of `admin/`: its pages, and nothing else of it is visible from outside. */
export { OrganizationsPage } from "./organizations/OrganizationsPage.tsx";
export { QuarantinePage } from "./quarantine/QuarantinePage.tsx";
export { UsersPage } from "./users/UsersPage.tsx";
