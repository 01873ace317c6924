/** Who comes along on a round today: said once, held for every place of the round until tomorrow; for each person. */
import { dayOf } from "./dates";
import type { Plan } from "./shapes";
import { state } from "./state";

const KEY = "bihuan-field-together";

interface Kept {
  date: string;
  person: string;
  roles: Record<string, string[]>;
}

const name = (plan: Plan): string => `${plan.method_key}|${plan.round}`;

function read(): Kept {
  const person = state.person?.id ?? "";
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "null") as Kept | null;
    if (kept?.date === dayOf() && kept.person === person) return kept;
  } catch {
    /* nothing kept */
  }
  return { date: dayOf(), person, roles: {} };
}

export function companions(plan: Plan): string[] {
  return read().roles[name(plan)] ?? [];
}

export function setCompanions(plan: Plan, roles: string[]): void {
  const kept = read();
  kept.roles[name(plan)] = roles;
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    /* for this place alone, then */
  }
}

/** Whether somebody is missing without whom a visit of this round does not count. */
export function lacks(plan: Plan, roles: readonly string[]): boolean {
  const wanted = plan.together.map(([role]) => role);
  const came = new Set([...roles, plan.role]);
  if (wanted.length === 0) return false;
  if (plan.together_rule === "all") return !wanted.every((role) => came.has(role));
  return plan.together_rule === "any" && !wanted.some((role) => came.has(role));
}

export function forgetCompanions(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    /* nothing was kept there */
  }
}
