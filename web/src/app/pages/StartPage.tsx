/** `/`: each person's own first page. */
import { Navigate } from "react-router";
import { useUser } from "../../api/resources/session.ts";
import { startOf } from "../shell/navigation.ts";

export function StartPage() {
  return <Navigate to={startOf(useUser())} replace />;
}
