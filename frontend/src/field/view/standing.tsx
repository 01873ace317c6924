/** How something stands, in the words of the glossary: the same here, at the desk and in scenarios. */
import type { Item } from "../shapes";
import type { Row } from "../state";
import { t, type Word } from "../words";

const KNOWN = ["role", "off_season", "nobody", "alone", "after_level", "too_soon", "elsewhere", "no_round"];

/** Why a visit does not count, in a few words. */
export const whyNot = (why: string): string => t(KNOWN.includes(why) ? (`why_${why}` as Word) : "why_other");

/** That a visit is recorded and does not count, and why: as the server said it, once it has. */
export const wentWhy = (item: Pick<Item, "uncounted" | "reason">): string =>
  item.reason || t("went_why", { why: whyNot(item.uncounted ?? "") });

export function standsAs(state: Row["state"], mine?: Item): string {
  return state === "went" && mine ? wentWhy(mine) : t(state);
}
