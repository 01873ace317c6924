/** What the phone keeps, in IndexedDB: the day, the queue, photos and voice notes, drafts. Each row names its person. */
import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { Draft, Item, KeptDay, KeptFile, Who } from "./shapes";

interface Kept extends DBSchema {
  day: { key: string; value: KeptDay };
  queue: { key: number; value: Item; indexes: { id: string; person: string } };
  files: { key: string; value: KeptFile };
  drafts: { key: string; value: Draft };
  meta: { key: string; value: unknown };
}

let opened: Promise<IDBPDatabase<Kept>> | null = null;

function base(): Promise<IDBPDatabase<Kept>> {
  opened ??= openDB<Kept>("bihuan-field", 1, {
    upgrade(db) {
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

/** Puts items into the queue and takes their draft away: both or neither. What was mended keeps its turn. */
export async function enqueue(fresh: Item[], draft: string | null): Promise<void> {
  const tx = (await base()).transaction(["queue", "drafts"], "readwrite");
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

/** Removes a draft with its photos and voice notes. */
export async function dropDraft(draft: Draft): Promise<void> {
  await (await base()).delete("drafts", draft.id);
  await dropFiles(filesOf(draft));
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
