/** A place of the network, by name. */
import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { organizations } from "../../api/resources/organizations.ts";
import type { OrganizationKind } from "../../api/types.ts";

interface Props {
  readonly kinds: readonly OrganizationKind[];
  /** The one that is left. */
  readonly without: string;
  // The form's own, given by Form.Item.
  readonly id?: string;
  readonly value?: string;
  readonly onChange?: (value: string) => void;
}

export function PlaceField({ kinds, without, ...form }: Props) {
  const places = useQuery(organizations.list);
  const options = (places.data?.items ?? [])
    .filter(({ kind, id }) => kinds.includes(kind) && id !== without)
    .map(({ id, name }) => ({ value: id, label: name }));
  return (
    <Select
      allowClear
      showSearch={{ optionFilterProp: "label" }}
      loading={places.isPending}
      options={options}
      {...form}
    />
  );
}
