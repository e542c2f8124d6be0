/** Roles in words: what, where, for which centre. */
import { useTranslation } from "react-i18next";
import type { Role } from "../../api/types.ts";

export function useRoleText(): (roles: readonly Role[]) => string {
  const { t } = useTranslation();
  return (roles) =>
    roles
      .map(({ role, organization, centre }) => `${t(`app.role.${role}`)}（${centre?.name ?? organization.name}）`)
      .join("、");
}
