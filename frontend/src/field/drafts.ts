/**
 * Drafts: kept at every keystroke, twice. IndexedDB holds them; because it writes a moment later, the draft in hand is
 * also written to localStorage in the very keystroke, and whichever is newer is read back.
 */
import { newId } from "./ids";
import { changed, state } from "./state";
import type { Draft, FindingDraft, Item } from "./shapes";
import * as store from "./store";
import { stamp } from "./dates";

const MIRROR = "bihuan-field-draft:";

export function fresh(kind: Draft["kind"], key: string, given: Partial<Draft>): Draft {
  return {
    id: newId(), person: state.person?.id ?? "", kind, key, updated: 0,
    area_code: "", place_id: "", target: "", name: "", method_key: "", round: "", level: 1, pairing_id: "",
    help_kind: "", arrived_at: stamp(), title: "", text: "", checklist: {}, together: [], photos: [], sounds: [],
    findings: [], category: "", urgency: "", channel: "visit", reporter_name: "", phone: "", matter_id: "",
    action: "", version: 0, reason: "", given: {},
    ...given,
  };
}

export function freshFinding(item: string, given: Partial<FindingDraft>): FindingDraft {
  return { id: newId(), item, text: "", method_key: "", category: "", urgency: "", join: "", photos: [], ...given };
}

export function isEmpty(draft: Draft): boolean {
  const words = [draft.title, draft.text, draft.reporter_name, draft.phone, draft.reason, ...Object.values(draft.given)];
  const marks = Object.keys(draft.checklist).length + store.filesOf(draft).length;
  return words.every((word) => !word.trim()) && marks === 0 && draft.findings.length === 0;
}

function mirrored(id: string): Draft | null {
  try {
    return JSON.parse(localStorage.getItem(MIRROR + id) ?? "null") as Draft | null;
  } catch {
    return null;
  }
}

let writing: Promise<unknown> = Promise.resolve();

/** Keeps the draft as it is now. Written in the order of the calls. */
export function keep(draft: Draft): void {
  const now = { ...draft, updated: Date.now() };
  try {
    localStorage.setItem(MIRROR + draft.id, JSON.stringify(now));
  } catch {
    /* no storage of this kind: the database alone */
  }
  writing = writing.then(() => store.keepDraft(now)).catch(() => undefined);
}

/** Waits until all that was typed is in the database. */
export async function settled(): Promise<void> {
  await writing;
}

/** Takes back what was typed in the last moment before the page went. */
export async function recover(): Promise<void> {
  let names: string[] = [];
  try {
    names = Object.keys(localStorage).filter((name) => name.startsWith(MIRROR));
  } catch {
    return;
  }
  if (names.length === 0) return;
  const kept = new Map((await store.drafts()).map((draft) => [draft.id, draft]));
  const queued = new Set((await store.items()).map((item) => item.draft?.id ?? item.id));
  for (const name of names) {
    const draft = mirrored(name.slice(MIRROR.length));
    const before = draft ? kept.get(draft.id) : undefined;
    const gone = !draft || (queued.has(draft.id) && !before);
    if (!gone && (!before || before.updated < draft.updated)) await store.keepDraft(draft);
    localStorage.removeItem(name);
  }
}

/** The draft begun on this page before, or a new one. */
export async function find(kind: Draft["kind"], key: string, given: Partial<Draft>): Promise<Draft> {
  await settled();
  const all = await store.drafts();
  const mine = all.find((draft) => draft.person === state.person?.id && draft.kind === kind && draft.key === key);
  return mine ?? fresh(kind, key, given);
}

export async function forget(draft: Draft): Promise<void> {
  await settled();
  unmirror(draft.id);
  await store.dropDraft(draft);
  await changed();
}

export function unmirror(id: string): void {
  try {
    localStorage.removeItem(MIRROR + id);
  } catch {
    /* nothing was kept there */
  }
}

/** Opens again what came back: the whole draft, with the items that were made of it, out of the queue. */
export async function reopen(item: Item): Promise<Draft | null> {
  const draft = item.draft;
  if (!draft) return null;
  await store.keepDraft({ ...draft, updated: Date.now() });
  await changed();
  return draft;
}
