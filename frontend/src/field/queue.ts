/** From what somebody wrote to what is sent: a draft becomes one item, or a visit with its findings behind it. */
import { stamp } from "./dates";
import { fresh, settled, unmirror } from "./drafts";
import type { Draft, Item, Kind, OpenMatter, Plan, Target } from "./shapes";
import { changed, coverKey, state } from "./state";
import * as store from "./store";
import { send } from "./sync";
import { companions } from "./together";
import { t } from "./words";

export const UNDO_SECONDS = 8;

export interface Recorded {
  ids: string[];
  draft: Draft;
  label: string;
}

function item(draft: Draft, id: string, kind: Kind, label: string, data: Record<string, unknown>, files: string[]): Item {
  return {
    id, person: draft.person, kind, label, data, files, draft, state: "waiting",
    at: Date.now(), hold: Date.now() + UNDO_SECONDS * 1000,
  };
}

/** What was written without what is empty: the server's own defaults hold for that. */
function filled(data: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== "" && value !== null && value !== undefined));
}

function visitItems(draft: Draft, result: string): Item[] {
  const happened = stamp();
  const visit = item(draft, draft.id, draft.pairing_id && draft.help_kind ? "help" : "visit", draft.name, filled({
    area_code: draft.area_code, place_id: draft.place_id, method_key: draft.method_key, round: draft.round,
    level: draft.round ? draft.level : null, pairing_id: draft.pairing_id, help_kind: draft.help_kind,
    arrived_at: draft.arrived_at, happened_at: happened, result, checklist: draft.checklist, title: draft.title,
    text: draft.text, together: draft.together.map((role) => ({ role, name: "" })),
    photos: draft.photos, sounds: draft.sounds,
  }), [...draft.photos, ...draft.sounds]);
  if (draft.round) visit.covers = coverKey(draft.target, draft.method_key, draft.round, draft.level);
  const findings = draft.findings.map((found) =>
    item(draft, found.id, "finding", `${draft.name}：${found.text.slice(0, 20)}`, filled({
      visit_id: draft.id, item: found.item, text: found.text, category: found.category, urgency: found.urgency,
      method_key: found.method_key, join: found.join || null,
      expected_version: state.day?.matters.find((matter) => matter.matter_id === found.join)?.version,
      photos: found.photos,
    }), found.photos),
  );
  return [visit, ...findings];
}

function recordItems(draft: Draft): Item[] {
  return [
    item(draft, draft.id, "record", `${draft.name}：${draft.text.slice(0, 20)}`, filled({
      area_code: draft.area_code, text: draft.text, channel: draft.channel, category: draft.category,
      urgency: draft.urgency, reporter_name: draft.reporter_name, phone: draft.phone, happened_at: draft.arrived_at,
      photos: draft.photos,
    }), draft.photos),
  ];
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
  return [
    item(draft, draft.id, "advance", draft.name, {
      matter_id: draft.matter_id, action: draft.action, data, expected_version: draft.version, happened_at: stamp(),
      photos: draft.photos,
    }, draft.photos),
  ];
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
    return `${spec?.title ?? key}：${spec?.options.find((option) => option.key === value)?.title ?? value}`;
  });
  const parts = [draft.title, draft.text, ...given, draft.reason, ...draft.findings.map((finding) => finding.text)];
  return parts.filter((part) => part.trim()).join("\n");
}

/** Puts what was written into the queue and takes the draft away. It can be undone for some seconds. */
export async function put(draft: Draft, result = "nothing"): Promise<Recorded> {
  const kept = { ...draft, updated: Date.now(), shown: writtenIn(draft) };
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
  return { ids: fresh.map((one) => one.id), draft: kept, label: kept.name };
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
  await store.unqueue([came.id, ...behind.map((one) => one.id)], came.draft ?? null);
  await changed();
}
