/**
 * Drafts: kept at every keystroke, twice. IndexedDB holds them; because it writes a moment later, the draft in hand is
 * also written to localStorage in the very keystroke, and whichever is newer is read back.
 */
import { close, inHand, show, take, type Hand, type Part } from "./hand";
import { newId } from "./ids";
import { isFull } from "./photos";
import { changed, set, state } from "./state";
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

/** Keeps the draft as it is now and returns it so. Written in the order of the calls. */
export function keep(draft: Draft): Draft {
  const now = { ...draft, updated: Date.now() };
  try {
    localStorage.setItem(MIRROR + draft.id, JSON.stringify(now));
  } catch {
    /* no storage of this kind: the database alone */
  }
  writing = writing
    .then(() => store.keepDraft(now))
    .then(() => state.full && set({ full: false }))
    .catch((error: unknown) => isFull(error) && set({ full: true }));
  return now;
}

/** Changes the draft in hand and keeps it; one in which nothing is left any more is kept no longer. */
export function alter(hand: Hand, part: Part): void {
  if (hand.closed) return;
  const now = { ...hand.draft, ...(typeof part === "function" ? part(hand.draft) : part) };
  if (!isEmpty(now) || now.happened_at) {
    hand.draft = keep(now);
  } else {
    hand.draft = { ...now, updated: 0 };
    if (now.updated) {
      unmirror(now.id);
      writing = writing.then(() => store.dropEmpty(now.id)).catch(() => undefined);
    }
  }
  show(hand);
}

/** Deletes files that were taken off a draft, where nothing else names them. */
export async function dropFiles(ids: string[]): Promise<void> {
  await settled();
  await store.dropUnused(ids);
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

/** What opens a draft: its own id, or else the page it is begun on. */
export interface Wanted {
  kind: Draft["kind"];
  key: string;
  id: string;
  given: Partial<Draft>;
}

/** The draft of this id, or the one begun on this page before, or a new one; in hand. */
export async function open({ kind, key, id, given }: Wanted): Promise<Hand> {
  await settled();
  const same = (draft: Draft): boolean =>
    draft.person === state.person?.id && draft.kind === kind && (id ? draft.id === id : draft.key === key);
  const mine = inHand(same) ?? (await store.drafts()).find(same);
  return take(mine ?? fresh(kind, key, { ...given, ...(id ? { id } : {}) }));
}

/** Whether an id was a draft's that has gone into the queue: a new one is begun, or it would be taken for that. */
export function spent(id: string): boolean {
  const gone = state.items.some((item) => item.id === id || item.draft?.id === id);
  return gone && !state.drafts.some((draft) => draft.id === id);
}

/** Deletes a draft with its files, and what came back of it. */
export async function forget(draft: Draft): Promise<void> {
  close(draft.id);
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

/** The draft of what came back, as it was last written: it may have been opened and changed already. */
export function draftOf(item: Item): Draft | undefined {
  return state.drafts.find((draft) => draft.id === item.draft?.id) ?? item.draft;
}

/** Opens again what came back: the whole draft. The items made of it keep their turn in the queue until it is put. */
export async function reopen(item: Item): Promise<Draft | null> {
  await settled();
  const draft = draftOf(item);
  if (!draft) return null;
  await store.keepDraft({ ...draft, updated: Date.now() });
  await changed();
  return draft;
}
