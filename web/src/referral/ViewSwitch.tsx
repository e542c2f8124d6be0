/** The same tickets as a list or as a board. */
import { Segmented } from "antd";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

const ADDRESSES = { list: "/referrals", board: "/referrals/board" } as const;
type View = keyof typeof ADDRESSES;

export function ViewSwitch({ view }: { view: View }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <Segmented<View>
      aria-label={t("referral.view.label")}
      value={view}
      options={[
        { value: "list", label: t("referral.view.list") },
        { value: "board", label: t("referral.view.board") },
      ]}
      onChange={(next) => {
        void navigate(ADDRESSES[next]);
      }}
    />
  );
}
