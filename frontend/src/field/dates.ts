/** Instants as people say them: 今天 14:20, 4月3日 周三; and as the phone tells them to the server, with offset. */
import { spoken, t } from "./words";

const WEEK = ["周日", "周一", "周二", "周三", "周四", "周五", "周六"];
const two = (n: number): string => String(n).padStart(2, "0");

export function moment(iso: string | number | null): string {
  if (!iso) return "";
  const at = new Date(iso);
  const now = new Date();
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
  if (at.toDateString() === now.toDateString()) return `${t("today")} ${time}`;
  const year = at.getFullYear() === now.getFullYear() ? undefined : ("numeric" as const);
  if (spoken() === "en") {
    return at.toLocaleDateString("en-GB", { day: "numeric", month: "short", weekday: "short", year });
  }
  return `${year ? `${at.getFullYear()}年` : ""}${at.getMonth() + 1}月${at.getDate()}日 ${WEEK[at.getDay()]}`;
}

/** Now, with the phone's own offset: 2024-03-04T09:10:00.123+08:00. */
export function stamp(at: Date = new Date()): string {
  const offset = -at.getTimezoneOffset();
  const local = new Date(at.getTime() + offset * 60000).toISOString().slice(0, -1);
  const hours = Math.floor(Math.abs(offset) / 60);
  return `${local}${offset < 0 ? "-" : "+"}${two(hours)}:${two(Math.abs(offset) % 60)}`;
}
