/** An expert's credentials and hours as the form holds them, and as the hub takes them. Pure. */
import type { Expert, ExpertForm } from "../../api/types.ts";

export interface HoursField {
  readonly weekday: number;
  readonly opens: string;
  readonly closes: string;
}

export interface ExpertFields {
  readonly specialties: readonly string[];
  readonly practising_since: string;
  readonly licence?: string;
  readonly slot_minutes: number;
  readonly hours?: readonly HoursField[];
}

/** Days of the week as the hub counts them: the first is 1. */
export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

export function nameOf(weekday: number): (typeof WEEKDAYS)[number] {
  return WEEKDAYS[weekday - 1] ?? "mon";
}

export const SLOTS = [15, 20, 30, 45, 60] as const;

/** What the form begins with: the expert as she stands, or an empty one. */
export function fieldsOf(expert: Expert | null): Partial<ExpertFields> {
  if (expert === null) return { specialties: [], slot_minutes: 30, hours: [] };
  const { specialties, practising_since, licence, slot_minutes, hours } = expert;
  return { specialties, practising_since, licence, slot_minutes, hours };
}

export function bodyOf(fields: ExpertFields, organization: string): ExpertForm {
  return {
    organization_id: organization,
    specialties: fields.specialties,
    practising_since: fields.practising_since,
    licence: fields.licence ?? "",
    slot_minutes: fields.slot_minutes,
    hours: fields.hours ?? [],
  };
}

export interface HoursOf {
  readonly hours: string;
  readonly weekdays: readonly (typeof WEEKDAYS)[number][];
}

/** The same hours of several days once: people say "Monday to Friday mornings". */
export function byHours(hours: readonly HoursField[]): readonly HoursOf[] {
  const found = new Map<string, (typeof WEEKDAYS)[number][]>();
  for (const { weekday, opens, closes } of hours.toSorted((a, b) => a.weekday - b.weekday)) {
    const key = `${opens}–${closes}`;
    found.set(key, [...(found.get(key) ?? []), nameOf(weekday)]);
  }
  return [...found].map(([key, weekdays]) => ({ hours: key, weekdays }));
}

/** Hours that end before they begin offer no time at all. */
export function isSound({ opens, closes }: HoursField): boolean {
  return opens < closes;
}

export interface HouseOf<T> {
  readonly id: string;
  readonly name: string;
  readonly experts: readonly T[];
}

/** Experts under their houses, in the order in which the hub sends them. */
export function byHouse<T extends Pick<Expert, "organization">>(experts: readonly T[]): readonly HouseOf<T>[] {
  const houses = new Map<string, { name: string; experts: T[] }>();
  for (const expert of experts) {
    const { id, name } = expert.organization;
    const house = houses.get(id) ?? { name, experts: [] };
    house.experts.push(expert);
    houses.set(id, house);
  }
  return [...houses].map(([id, house]) => ({ id, ...house }));
}
