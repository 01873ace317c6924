/**
 * Sends the queue: in order, one tab at a time, as often as it takes. An id is one record on the server however often
 * it arrives, so a lost answer costs nothing. Nothing leaves the queue before the server has said that it has it.
 */
import * as net from "./net";
import type { Item, Problem, Result } from "./shapes";
import { become, changed, refresh, set, state } from "./state";
import * as store from "./store";
import { t } from "./words";

const BATCH = 20;
const PAUSES = [2, 5, 15, 30, 60];
const PATIENCE = 3; // so often the server may fail over one item's file before the others go ahead of it
const failing = new Map<string, number>();
let queued = false;
let failures = 0;
let timer = 0;

/** Asks for the queue to be sent, now or after `seconds`. Any number of calls are one. */
export function send(seconds = 0): void {
  window.clearTimeout(timer);
  timer = window.setTimeout(() => void once(), seconds * 1000);
}

/** Sends at once, as somebody asked: what could still be undone cannot any more. */
export async function sendNow(): Promise<void> {
  await store.change(
    state.items.filter((item) => item.state === "waiting").map((item) => item.id),
    (now) => ({ ...now, hold: 0 }),
  );
  failures = 0;
  send();
}

async function once(): Promise<void> {
  if (queued) return;
  queued = true;
  try {
    await alone(async () => {
      queued = false;
      await flush();
    });
    failures = 0;
    if (state.trouble) set({ trouble: "" });
  } catch (error) {
    if (error instanceof net.SignedOut) return;
    set({ trouble: error instanceof net.Busy ? error.why : error instanceof net.Slow ? "slow" : "" });
    const busy = error instanceof net.Busy ? error.seconds : 0;
    send(busy || PAUSES[Math.min(failures++, PAUSES.length - 1)]!);
  } finally {
    queued = false;
    set({ sending: 0 });
  }
}

/** Two tabs share one queue: whoever holds the lock sends, the other waits and finds nothing left. */
async function alone(work: () => Promise<void>): Promise<void> {
  if ("locks" in navigator) await navigator.locks.request("bihuan-field-send", work);
  else await work();
}

async function flush(): Promise<void> {
  let sent = 0;
  const passed = new Set<string>(); // what cannot go now: in this run the others go ahead of it
  for (;;) {
    const batch = await nextBatch(passed);
    if (batch.length === 0) break;
    set({ sending: batch.length });
    const csrf = await myToken();
    if (csrf === null) return;
    const left = passed.size;
    const ready = await sendFiles(batch, csrf, passed);
    const progress = ready.length > 0 ? await sendItems(ready, csrf, passed) : 0;
    sent += progress;
    await changed();
    if (progress === 0 && ready.length > 0 && passed.size === left) throw new net.Offline();
  }
  if (sent > 0) await refresh();
  if (passed.size > 0) throw new net.Offline(); // later again
}

/** The first of mine that wait, up to one that may still be undone: none overtakes another. */
async function nextBatch(passed: Set<string>): Promise<Item[]> {
  const person = state.person?.id ?? (await store.who())?.id;
  const all = (await store.items()).filter((item) => item.person === person);
  const back = new Set(all.filter((item) => item.state === "conflict" || item.state === "refused").map((item) => item.id));
  // What a visit found waits until the visit itself, which came back, has been mended.
  // Of one matter nothing overtakes what cannot go now, nor what a visit found the visit.
  const matters = new Set(all.filter((item) => passed.has(item.id)).map((item) => item.data["matter_id"] ?? item.id));
  const after = (item: Item): boolean =>
    passed.has(item.id) || passed.has(String(item.data["visit_id"] ?? "")) || matters.has(item.data["matter_id"] ?? "");
  const mine = all.filter(
    (item) => item.state === "waiting" && !back.has(String(item.data["visit_id"] ?? "")) && !after(item),
  );
  const held = mine.findIndex((item) => item.hold > Date.now());
  if (held >= 0) send(Math.max(0.1, (mine[held]!.hold - Date.now()) / 1000 + 0.05));
  return (held < 0 ? mine : mine.slice(0, held)).slice(0, BATCH);
}

/** The token of my own signing-in; none where I am signed out, or somebody else is here now. */
async function myToken(): Promise<string | null> {
  const session = await net.session();
  if (!session.person) {
    set({ signedOut: true });
    return null;
  }
  const before = await store.who();
  if (before && before.id !== session.person.id) {
    await become(session.person);
    await refresh();
    return null;
  }
  set({ signedOut: false, online: true });
  return session.csrf;
}

/** Sends the photos and voice notes of these items; returns the items all of whose files have arrived. */
async function sendFiles(batch: Item[], csrf: string, passed: Set<string>): Promise<Item[]> {
  const ready: Item[] = [];
  for (const item of batch) {
    try {
      for (const id of item.files) {
        const kept = await store.file(id);
        if (!kept || kept.uploaded) continue; // one that is gone may have arrived before: the server says so
        await net.putFile(kept, csrf);
        await store.keepFile({ ...kept, uploaded: true });
      }
      ready.push(item);
      failing.delete(item.id);
    } catch (error) {
      if (error instanceof net.Refused) {
        await giveBack(item, error.problems);
        continue;
      }
      const ours = error instanceof net.Slow || (error instanceof net.Busy && error.why === "server");
      const times = (failing.get(item.id) ?? 0) + 1;
      if (ours) failing.set(item.id, times);
      if (!ours || times < PATIENCE) throw error;
      passed.add(item.id); // the server answers others, but never this one
    }
    if (passed.has(item.id)) break; // what comes after it may belong to it: chosen anew
  }
  return ready;
}

/** Gives back what names a file that is not on the phone any more: it would wait for ever. */
async function giveBackIncomplete(item: Item): Promise<void> {
  await giveBack(item, [{ where: "photos", why: t("file_gone"), how: t("file_gone_how") }]);
}

async function giveBack(item: Item, problems: Problem[]): Promise<void> {
  await store.change([item.id], (now) => ({ ...now, state: "refused", problems }));
}

/** Returns how many of them are settled, one way or another. */
async function sendItems(batch: Item[], csrf: string, passed: Set<string>): Promise<number> {
  let results: Result[];
  try {
    results = await net.sync(batch, csrf);
  } catch (error) {
    if (!(error instanceof net.Refused)) throw error;
    if (batch.length === 1) {
      await giveBack(batch[0]!, error.problems);
      return 1;
    }
    // One of them cannot even be read: each alone, so that it keeps none of the others back.
    let settled = 0;
    for (const item of batch) settled += await sendItems([item], csrf, passed);
    return settled;
  }
  let settled = 0;
  for (const result of results) {
    const item = batch.find((one) => one.id === result.id);
    if (!item) continue;
    if (await settle(item, result)) settled++;
    else passed.add(item.id);
  }
  return settled;
}

async function settle(item: Item, result: Result): Promise<boolean> {
  if (result.state === "waiting") {
    // A file that the server does not have is sent again; one that is gone from the phone too must be said.
    const kept = await Promise.all(item.files.map((id) => store.file(id)));
    for (const one of kept) if (one) await store.keepFile({ ...one, uploaded: false });
    if (result.problems?.some((one) => /^(photo|sound)s$/.test(one.where)) && kept.some((one) => !one)) {
      await giveBackIncomplete(item);
      return true;
    }
    return false;
  }
  if (result.state === "done" || result.state === "again") {
    await store.change([item.id], (now) => sentForm(now, result));
    await store.dropFiles(item.files);
    return true;
  }
  const problems = result.problems?.length ? result.problems : [{ where: "", why: t("refused"), how: "" }];
  await store.change([item.id], (now) => ({ ...now, state: result.state as "conflict" | "refused", problems, now: result.now ?? null }));
  return true;
}

/** The server has it: the phone keeps that it was sent and whether it counts, nothing of what it says. */
function sentForm(item: Item, result: Result): Item {
  const { draft: _draft, problems: _problems, now: _now, uncounted: _guess, ...rest } = item;
  const uncounted = result.not_counted || (result.counted === false ? "other" : "");
  return {
    ...rest, ...(uncounted && item.covers ? { uncounted, reason: result.reason ?? "" } : {}), label: item.brief || t("out_sent"),
    data: {}, files: [], state: "sent", number: result.number ?? "", sentAt: Date.now(),
  };
}

/** Sends when there is reason to think that it will work. */
export function watch(): void {
  window.addEventListener("online", () => {
    set({ online: true });
    failures = 0;
    send();
  });
  window.addEventListener("offline", () => set({ online: false }));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") send();
  });
  window.setInterval(() => {
    if (state.items.some((item) => item.state === "waiting")) send();
  }, 30000);
}
