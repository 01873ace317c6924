/** Who comes along on a round today: said once, held for every place of the round until tomorrow. */
import type { Plan } from "./shapes";

const KEY = "bihuan-field-together";

interface Kept {
  date: string;
  roles: Record<string, string[]>;
}

const today = (): string => new Date().toDateString();
const name = (plan: Plan): string => `${plan.method_key}|${plan.round}`;

function read(): Kept {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "null") as Kept | null;
    if (kept?.date === today()) return kept;
  } catch {
    /* nothing kept */
  }
  return { date: today(), roles: {} };
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
