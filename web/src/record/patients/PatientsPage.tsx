/** `/patients`: find somebody, or register somebody new. */
import { Button } from "antd";
import { UserPlus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useNavigate, useSearchParams } from "react-router";
import { Panel } from "../../ui/Panel.tsx";
import { useToast } from "../../ui/useToast.tsx";
import "../record.css";
import { PatientSearch } from "./PatientSearch.tsx";
import { Registering } from "./Registering.tsx";

export function PatientsPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const toast = useToast();
  const [search, setSearch] = useSearchParams();
  const q = search.get("q") ?? "";
  const registering = search.get("new") === "1";
  const open = (id: string) => void navigate(`/patients/${id}`);
  if (registering)
    return (
      <div className="reading-width">
        <Panel title={t("record.register.title")}>
          <Registering
            begin={q}
            onRegistered={(patient) => {
              toast(t("record.register.done", { name: patient.name }));
              open(patient.id);
            }}
            onOpen={open}
            onCancel={() => {
              setSearch(q === "" ? {} : { q });
            }}
          />
        </Panel>
      </div>
    );
  return (
    <Panel title={t("record.patient.listTitle")}>
      <PatientSearch
        q={q}
        onQ={(text) => {
          setSearch(text === "" ? {} : { q: text }, { replace: true });
        }}
        onChoose={({ id }) => {
          open(id);
        }}
      >
        <Button
          type="primary"
          icon={<UserPlus aria-hidden="true" />}
          onClick={() => {
            setSearch({ new: "1", ...(q === "" ? {} : { q }) });
          }}
        >
          {t("record.ways.register")}
        </Button>
      </PatientSearch>
    </Panel>
  );
}
