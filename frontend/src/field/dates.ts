/** Instants as people say them: 今天 14:20, 4月3日 周三; and as the phone tells them to the server, with offset. */
import { spoken, t } from "./words";

const WEEK = ["周日", "周一", "周二", "周三", "周四", "周五", "周六"];
const HOURS_EAST = 8; // 北京时间 has no summer time
const two = (n: number): string => String(n).padStart(2, "0");

/** The same instant with the clock of China in its UTC fields: the work's day, wherever the phone thinks it is. */
const there = (at: Date | number | string): Date => new Date(new Date(at).getTime() + HOURS_EAST * 3600000);

/** The day of the work on which an instant lies: 2024-03-04. */
export const dayOf = (at: Date | number | string = Date.now()): string => there(at).toISOString().slice(0, 10);

export function moment(iso: string | number | null): string {
  if (!iso) return "";
  const at = there(iso);
  const now = there(Date.now());
  const time = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
  if (dayOf(iso) === dayOf()) return `${t("today")} ${time}`;
  const year = at.getUTCFullYear() === now.getUTCFullYear() ? undefined : ("numeric" as const);
  if (spoken() === "en") {
    return at.toLocaleDateString("en-GB", { day: "numeric", month: "short", weekday: "short", year, timeZone: "UTC" });
  }
  return `${year ? `${at.getUTCFullYear()}年` : ""}${at.getUTCMonth() + 1}月${at.getUTCDate()}日 ${WEEK[at.getUTCDay()]}`;
}

/** Now, with the phone's own offset: 2024-03-04T09:10:00.123+08:00. */
export function stamp(at: Date = new Date()): string {
  const offset = -at.getTimezoneOffset();
  const local = new Date(at.getTime() + offset * 60000).toISOString().slice(0, -1);
  const hours = Math.floor(Math.abs(offset) / 60);
  return `${local}${offset < 0 ? "-" : "+"}${two(hours)}:${two(Math.abs(offset) % 60)}`;
}
