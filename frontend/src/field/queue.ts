/** From what somebody wrote to what is sent: a draft becomes one item, or a visit with its findings behind it. */
import { stamp } from "./dates";
import { draftOf, fresh, settled, unmirror } from "./drafts";
import type { Draft, Item, OpenMatter, Plan, Target } from "./shapes";
import { changed, coverKey, pairingKey, state } from "./state";
import * as store from "./store";
import { send } from "./sync";
import { companions, lacks } from "./together";
import { t } from "./words";

export const UNDO_SECONDS = 8;

export interface Recorded {
  ids: string[];
  draft: Draft;
  label: string;
}

type Made = Pick<Item, "id" | "kind" | "label" | "brief" | "data" | "files">;

function item(draft: Draft, made: Made): Item {
  const at = Date.parse(draft.happened_at ?? "") || Date.now();
  return { ...made, person: draft.person, area: draft.pairing_id ? "" : draft.area_code, draft, state: "waiting", at, hold: Date.now() + UNDO_SECONDS * 1000 };
}

/** Why a visit will not count towards its round, as far as the phone can tell; "" where it will. The server decides. */
export function wontCount(draft: Draft, result: string): string {
  if (result === "nobody") return "nobody";
  const plan = planOf(draft);
  if (!draft.round || !plan) return "";
  const target = state.day?.targets.find((one) => one.target === draft.target);
  const same = (one: { round: string; method_key: string; level: number }): boolean =>
    one.round === draft.round && one.method_key === draft.method_key && one.level === draft.level;
  const stands = target?.standings.find(same)?.state ?? "due";
  if (stands === "off_season") return stands;
  if (lacks(plan, draft.together)) return "alone";
  return stands === "after_level" || stands === "too_soon" ? stands : "";
}

export function planOf(draft: Draft): Plan | undefined {
  return state.day?.plans.find((one) => one.round === draft.round && one.method_key === draft.method_key);
}

/** What was written without what is empty: the server's own defaults hold for that. */
function filled(data: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== "" && value !== null && value !== undefined));
}

function visitItems(draft: Draft, result: string): Item[] {
  const brief = draft.pairing_id ? t("pairings") : draft.name; // who was visited is not kept once it is sent
  const kind = draft.pairing_id && draft.help_kind ? "help" : "visit";
  const data = filled({
    area_code: draft.area_code, place_id: draft.place_id, method_key: draft.method_key, round: draft.round,
    level: draft.round ? draft.level : null, pairing_id: draft.pairing_id, help_kind: draft.help_kind,
    arrived_at: draft.arrived_at, happened_at: draft.happened_at, result, checklist: draft.checklist,
    title: draft.title, text: draft.text, together: draft.together.map((role) => ({ role, name: "" })),
    photos: draft.photos, sounds: draft.sounds,
  });
  const visit = item(draft, { id: draft.id, kind, label: draft.name, brief, data, files: [...draft.photos, ...draft.sounds] });
  if (draft.round) visit.covers = coverKey(draft.target, draft.method_key, draft.round, draft.level);
  if (draft.pairing_id) visit.covers = pairingKey(draft.pairing_id);
  const why = visit.covers ? wontCount(draft, result) : "";
  if (why) visit.uncounted = why;
  const findings = draft.findings.map((found) => {
    const told = filled({
      visit_id: draft.id, item: found.item, text: found.text, category: found.category, urgency: found.urgency,
      method_key: found.method_key, join: found.join || null,
      expected_version: state.day?.matters.find((matter) => matter.matter_id === found.join)?.version,
      photos: found.photos,
    });
    const label = draft.name + t("colon") + found.text.slice(0, 20);
    return item(draft, { id: found.id, kind: "finding", label, brief: `${brief} · ${t("finding")}`, data: told, files: found.photos });
  });
  return [visit, ...findings];
}

function recordItems(draft: Draft): Item[] {
  const data = filled({
    area_code: draft.area_code, text: draft.text, channel: draft.channel, category: draft.category,
    urgency: draft.urgency, reporter_name: draft.reporter_name, phone: draft.phone, happened_at: draft.arrived_at,
    photos: draft.photos,
  });
  const label = draft.name + t("colon") + draft.text.slice(0, 20);
  return [item(draft, { id: draft.id, kind: "record", label, brief: `${draft.name} · ${t("add_record")}`, data, files: draft.photos })];
}

function advanceItems(draft: Draft): Item[] {
  const act = actOf(draft);
  const data: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(draft.given)) {
    if (value === "") continue;
    const type = act?.gives.find((given) => given.key === key)?.type;
    data[key] = type === "number" ? Number(value) : type === "yes_no" ? value === "yes" : type === "choices" ? value.split("\n") : value;
  }
  if (draft.reason) data["reason"] = draft.reason;
  const told = {
    matter_id: draft.matter_id, action: draft.action, data, expected_version: draft.version,
    happened_at: draft.happened_at, photos: draft.photos,
  };
  return [item(draft, { id: draft.id, kind: "advance", label: draft.name, brief: draft.name, data: told, files: draft.photos })];
}

export function actOf(draft: Draft): OpenMatter["acts"][number] | undefined {
  const matter = state.day?.matters.find((one) => one.matter_id === draft.matter_id);
  return matter?.acts.find((act) => act.action === draft.action);
}

/** All that somebody typed, as one text; with labels, as far as the phone still knows them. */
export function writtenIn(draft: Draft): string {
  const act = actOf(draft);
  if (draft.kind === "advance" && !act && draft.shown) return draft.shown;
  const given = Object.entries(draft.given).map(([key, value]) => {
    const spec = act?.gives.find((one) => one.key === key);
    return `${spec?.title ?? key}${t("colon")}${spec?.options.find((option) => option.key === value)?.title ?? value}`;
  });
  const parts = [draft.title, draft.text, ...given, draft.reason, ...draft.findings.map((finding) => finding.text)];
  return parts.filter((part) => part.trim()).join("\n");
}

/**
 * Puts what was written into the queue and takes the draft away. It can be undone for some seconds.
 *
 * What came back and was mended keeps the time at which it happened. Throws where the phone has no room.
 */
export async function put(draft: Draft, result = "nothing"): Promise<Recorded> {
  const kept = { ...draft, happened_at: draft.happened_at || stamp(), updated: Date.now(), shown: writtenIn(draft) };
  const made = kept.kind === "visit" ? visitItems(kept, result) : kept.kind === "record" ? recordItems(kept) : advanceItems(kept);
  // What the server has already is not said to it anew: a finding that came back is mended behind its visit.
  const sent = new Set(state.items.filter((one) => one.state === "sent").map((one) => one.id));
  const fresh = made.filter((one) => !sent.has(one.id));
  await settled();
  await store.enqueue(fresh, draft.id);
  unmirror(draft.id);
  void navigator.storage?.persist?.();
  await changed();
  send();
  return { ids: fresh.map((one) => one.id), draft: { ...kept, happened_at: draft.happened_at ?? "" }, label: kept.name };
}

/** One tap: somebody was there and found nothing. */
export async function allWell(plan: Plan, target: Target, level: number): Promise<Recorded> {
  const draft = fresh("visit", "", visitOf(plan, target, level));
  const done = await put(draft);
  return { ...done, label: t("recorded_ok", { place: target.name }) };
}

export function visitOf(plan: Plan, target: Target, level: number): Partial<Draft> {
  return {
    area_code: target.area_code, place_id: target.place_id ?? "", target: target.target, name: target.name,
    method_key: plan.method_key, round: plan.round, level, together: companions(plan),
  };
}

/** Whether there is anything to go back to: one tap of "all is well" leaves no draft. */
export const written = (done: Recorded): boolean => done.draft.kind !== "visit" || done.draft.key !== "";

/** Takes it out of the queue again; false where it has gone out already. */
export async function undo(done: Recorded): Promise<boolean> {
  const taken = await store.unqueue(done.ids, written(done) ? done.draft : null);
  await changed();
  return taken;
}

/** Sends a conflict again upon what the matter is now. */
export async function againNow(came: Item): Promise<void> {
  await store.change([came.id], (now) => ({
    ...now, state: "waiting", hold: 0, problems: [], now: null,
    data: { ...now.data, expected_version: came.now?.version ?? null },
  }));
  await changed();
  send();
}

/** Takes what came back out of the queue; what was written stays as a draft. */
export async function notSend(came: Item): Promise<void> {
  const behind = state.items.filter((one) => one.kind === "finding" && one.data["visit_id"] === came.id && one.state !== "sent");
  await settled();
  await store.unqueue([came.id, ...behind.map((one) => one.id)], draftOf(came) ?? null);
  await changed();
}
