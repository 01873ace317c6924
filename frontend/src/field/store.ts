/** What the phone keeps, in IndexedDB: the day, the queue, photos and voice notes, drafts. Each row names its person. */
import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { Draft, Item, KeptDay, KeptFile, Who } from "./shapes";

interface Kept extends DBSchema {
  day: { key: string; value: KeptDay };
  queue: { key: number; value: Item; indexes: { id: string; person: string } };
  files: { key: string; value: KeptFile };
  drafts: { key: string; value: Draft };
  meta: { key: string; value: unknown };
  recordings: { key: string; value: RecordingHead };
  parts: { key: [string, number]; value: RecordingPart };
}

/** A recording under way: what it is for. Gone as soon as the whole is kept as a file. */
export interface RecordingHead {
  id: string;
  person: string;
  type: string;
  draft: Draft;
}

export interface RecordingPart {
  recording: string;
  n: number;
  bytes: ArrayBuffer;
}

let opened: Promise<IDBPDatabase<Kept>> | null = null;

function base(): Promise<IDBPDatabase<Kept>> {
  opened ??= openDB<Kept>("bihuan-field", 2, {
    upgrade(db, before) {
      if (before < 2) {
        db.createObjectStore("recordings", { keyPath: "id" });
        db.createObjectStore("parts", { keyPath: ["recording", "n"] });
      }
      if (before >= 1) return;
      db.createObjectStore("day", { keyPath: "person" });
      const queue = db.createObjectStore("queue", { keyPath: "seq", autoIncrement: true });
      queue.createIndex("id", "id", { unique: true });
      queue.createIndex("person", "person");
      db.createObjectStore("files", { keyPath: "id" });
      db.createObjectStore("drafts", { keyPath: "id" });
      db.createObjectStore("meta");
    },
    // A newer page in another tab wants to change the shape: let it, this page reads anew when it is used again.
    blocking(_was, _to, event) {
      (event.target as IDBDatabase).close();
      opened = null;
    },
    terminated() {
      opened = null;
    },
  });
  return opened;
}

export async function who(): Promise<Who | null> {
  return ((await (await base()).get("meta", "who")) as Who | undefined) ?? null;
}

export async function setWho(person: Who | null): Promise<void> {
  await (await base()).put("meta", person, "who");
}

export async function flag(name: string): Promise<boolean> {
  return Boolean(await (await base()).get("meta", name));
}

export async function setFlag(name: string, value: boolean): Promise<void> {
  await (await base()).put("meta", value, name);
}

export async function keptDay(person: string): Promise<KeptDay | null> {
  return (await (await base()).get("day", person)) ?? null;
}

export async function keepDay(day: KeptDay): Promise<void> {
  await (await base()).put("day", day);
}

/** Every item of everybody, in order. */
export async function items(): Promise<Item[]> {
  return (await base()).getAll("queue");
}

export async function drafts(): Promise<Draft[]> {
  return (await base()).getAll("drafts");
}

export async function keepDraft(draft: Draft): Promise<void> {
  await (await base()).put("drafts", draft);
}

export async function file(id: string): Promise<KeptFile | undefined> {
  return (await base()).get("files", id);
}

export async function keepFile(kept: KeptFile): Promise<void> {
  await (await base()).put("files", kept);
}

export async function dropFiles(ids: string[]): Promise<void> {
  const tx = (await base()).transaction("files", "readwrite");
  await Promise.all([...ids.map((id) => tx.store.delete(id)), tx.done]);
}

/**
 * Puts items into the queue and takes their draft away: both or neither. What was mended keeps its turn; what was made
 * of the draft before and is no part of it any more goes.
 *
 * Throws where the phone has no room; then nothing has changed.
 */
export async function enqueue(fresh: Item[], draft: string | null): Promise<void> {
  const tx = (await base()).transaction(["queue", "drafts"], "readwrite");
  tx.done.catch(() => undefined); // told by the await below, or by the request that failed before it
  const ids = new Set(fresh.map((item) => item.id));
  for (const item of draft ? await tx.objectStore("queue").getAll() : []) {
    const left = item.draft?.id === draft && item.state !== "sent" && !ids.has(item.id);
    if (left) await tx.objectStore("queue").delete(item.seq!);
  }
  for (const item of fresh) {
    const before = await tx.objectStore("queue").index("id").get(item.id);
    if (before?.seq !== undefined) {
      await tx.objectStore("queue").put({ ...item, seq: before.seq });
    } else {
      const { seq: _none, ...rest } = item;
      await tx.objectStore("queue").add(rest);
    }
  }
  if (draft) await tx.objectStore("drafts").delete(draft);
  await tx.done;
}

/** Takes items out of the queue again and puts their draft back: both or neither. */
export async function unqueue(ids: string[], draft: Draft | null): Promise<boolean> {
  const tx = (await base()).transaction(["queue", "drafts"], "readwrite");
  const found = await Promise.all(ids.map((id) => tx.objectStore("queue").index("id").get(id)));
  const whole = found.every((item) => item !== undefined && item.state !== "sent");
  if (whole) {
    for (const item of found) await tx.objectStore("queue").delete(item!.seq!);
    if (draft) await tx.objectStore("drafts").put(draft);
  }
  await tx.done;
  return whole;
}

/** Changes items as they are now in the database, not as somebody read them before. */
export async function change(ids: string[], how: (item: Item) => Item): Promise<void> {
  const tx = (await base()).transaction("queue", "readwrite");
  for (const id of ids) {
    const item = await tx.store.index("id").get(id);
    if (item) await tx.store.put(how(item));
  }
  await tx.done;
}

/** Removes a draft with its photos and voice notes, and what came back of it: nothing of it waits any more. */
export async function dropDraft(draft: Draft): Promise<void> {
  const tx = (await base()).transaction(["queue", "drafts", "files"], "readwrite");
  const files = filesOf(draft);
  for (const item of await tx.objectStore("queue").getAll()) {
    if (item.draft?.id !== draft.id || item.state === "sent") continue;
    files.push(...item.files);
    await tx.objectStore("queue").delete(item.seq!);
  }
  await tx.objectStore("drafts").delete(draft.id);
  for (const id of files) await tx.objectStore("files").delete(id);
  await tx.done;
}

/** Removes a draft in which nothing is written any more. */
export async function dropEmpty(id: string): Promise<void> {
  await (await base()).delete("drafts", id);
}

/** Removes files that nothing names any more: taken off a draft, or chosen for one that was never kept. */
export async function dropUnused(ids?: string[]): Promise<void> {
  const tx = (await base()).transaction(["queue", "drafts", "files", "recordings"], "readwrite");
  const used = new Set(await tx.objectStore("recordings").getAllKeys());
  for (const draft of await tx.objectStore("drafts").getAll()) filesOf(draft).forEach((id) => used.add(id));
  for (const item of await tx.objectStore("queue").getAll()) {
    [...item.files, ...(item.draft ? filesOf(item.draft) : [])].forEach((id) => used.add(id));
  }
  for (const id of ids ?? (await tx.objectStore("files").getAllKeys())) {
    // Another tab may have kept it a moment ago and not yet named it: its id says when it was made.
    const young = !ids && Date.now() - parseInt(id.replace("-", "").slice(0, 12), 16) < 600000;
    if (!used.has(id) && !young) await tx.objectStore("files").delete(id);
  }
  await tx.done;
}

export async function beginRecording(head: RecordingHead): Promise<void> {
  await (await base()).put("recordings", head);
}

export async function keepPart(part: RecordingPart): Promise<void> {
  await (await base()).put("parts", part);
}

export async function recordings(): Promise<RecordingHead[]> {
  return (await base()).getAll("recordings");
}

const partsOf = (id: string): IDBKeyRange => IDBKeyRange.bound([id, 0], [id, Infinity]);

/** What was recorded, in the order in which it was spoken. */
export async function parts(id: string): Promise<ArrayBuffer[]> {
  return (await (await base()).getAll("parts", partsOf(id))).map((part) => part.bytes);
}

export async function endRecording(id: string): Promise<void> {
  const tx = (await base()).transaction(["recordings", "parts"], "readwrite");
  await tx.objectStore("parts").delete(partsOf(id));
  await tx.objectStore("recordings").delete(id);
  await tx.done;
}

export function filesOf(draft: Draft): string[] {
  return [...draft.photos, ...draft.sounds, ...draft.findings.flatMap((finding) => finding.photos)];
}

/** Removes the days of everybody else, and what everybody else has sent already. */
export async function forgetOthers(person: string | null): Promise<void> {
  const tx = (await base()).transaction(["day", "queue"], "readwrite");
  for (const key of await tx.objectStore("day").getAllKeys()) {
    if (key !== person) await tx.objectStore("day").delete(key);
  }
  for (const item of await tx.objectStore("queue").getAll()) {
    if (item.person !== person && item.state === "sent") await tx.objectStore("queue").delete(item.seq!);
  }
  await tx.done;
}

/** Removes what was sent more than `days` ago. */
export async function sweep(days: number): Promise<void> {
  const tx = (await base()).transaction("queue", "readwrite");
  const before = Date.now() - days * 86400000;
  for (const item of await tx.store.getAll()) {
    if (item.state === "sent" && (item.sentAt ?? 0) < before) await tx.store.delete(item.seq!);
  }
  await tx.done;
}
