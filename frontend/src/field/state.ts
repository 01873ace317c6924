/** What the screens show: one object, read anew from the phone's store after every change, in this tab or another. */
import * as net from "./net";
import type { Day, Draft, Item, OpenMatter, Plan, Standing, Target, Who } from "./shapes";
import * as store from "./store";

export interface State {
  ready: boolean;
  person: Who | null;
  day: Day | null;
  fetched: number;
  items: Item[];
  drafts: Draft[];
  others: number;
  online: boolean;
  sending: number;
  signedOut: boolean;
  noTask: boolean;
  noStorage: boolean;
}

export const state: State = {
  ready: false,
  person: null,
  day: null,
  fetched: 0,
  items: [],
  drafts: [],
  others: 0,
  online: navigator.onLine,
  sending: 0,
  signedOut: false,
  noTask: false,
  noStorage: false,
};

const listeners = new Set<() => void>();
const channel = "BroadcastChannel" in window ? new BroadcastChannel("bihuan-field") : null;

export function listen(fn: () => void): () => void {
  listeners.add(fn);
  return () => listeners.delete(fn);
}

export function set(change: Partial<State>): void {
  Object.assign(state, change);
  listeners.forEach((fn) => fn());
}

/** Reads from the store what this person has there, and how much of somebody else's. */
export async function reread(): Promise<void> {
  const person = await store.who();
  const kept = person ? await store.keptDay(person.id) : null;
  const [items, drafts] = await Promise.all([store.items(), store.drafts()]);
  const mine = (row: { person: string }): boolean => row.person === person?.id;
  set({
    ready: true,
    person,
    day: kept?.day ?? null,
    fetched: kept?.fetched ?? 0,
    items: items.filter(mine),
    drafts: drafts.filter(mine).sort((a, b) => b.updated - a.updated),
    others: items.filter((item) => !mine(item) && item.state !== "sent").length,
  });
}

/** Tells the other tabs to read anew, and does so here. */
export async function changed(): Promise<void> {
  channel?.postMessage("changed");
  await reread();
}

channel?.addEventListener("message", () => void reread());

/** Somebody is signed in here now: theirs is shown, and the day of whoever was before goes. */
export async function become(person: Who | null): Promise<void> {
  const before = await store.who();
  if (before?.id === person?.id) return;
  await store.setWho(person);
  await store.forgetOthers(person?.id ?? null);
  await changed();
}

const DAY = 86400000;

const TAG = "bihuan-field-day";

/** Asks for the day before the database is even open: on a slow phone that takes as long as a round trip. */
export function askEarly(): ReturnType<typeof net.fetchDay> {
  let tag = "";
  try {
    tag = localStorage.getItem(TAG) ?? "";
  } catch {
    /* then the whole day comes */
  }
  const asked = net.fetchDay(tag);
  asked.catch(() => undefined); // told to whoever awaits it
  return asked;
}

function rememberTag(tag: string): void {
  try {
    localStorage.setItem(TAG, tag);
  } catch {
    /* then the whole day comes next time */
  }
}

/** Fetches the day where there is a network. Without one the day on the phone stays. */
export async function refresh(asked?: ReturnType<typeof net.fetchDay>): Promise<void> {
  try {
    const kept = state.person ? await store.keptDay(state.person.id) : null;
    let came = await (asked ?? net.fetchDay(kept?.etag ?? ""));
    if (!came && !kept) came = await net.fetchDay(""); // unchanged, but not on this phone any more
    if (came) rememberTag(came.etag);
    const person = came ? { id: came.day.person_id, name: came.day.person_name } : state.person;
    if (came && person) {
      await store.keepDay({ person: person.id, etag: came.etag, fetched: Date.now(), day: came.day });
      await become(person);
    } else if (kept) {
      await store.keepDay({ ...kept, fetched: Date.now() });
    }
    set({ signedOut: false, noTask: false, online: true });
    await reread();
  } catch (error) {
    if (error instanceof net.NoTask) {
      await introduce();
      set({ signedOut: false, noTask: true });
      return;
    }
    if (!(error instanceof net.SignedOut)) {
      if (!state.person) await introduce();
      set({ online: error instanceof net.Offline ? false : state.online });
      return;
    }
    // The session has ended. What is kept stays for the rest of the working day: there may be no way to sign in.
    if (state.person && Date.now() - state.fetched > DAY) await store.forgetOthers(null);
    set({ signedOut: true });
    await reread();
  }
}

/** Who is here, where the day could not be read: they can record all the same. */
async function introduce(): Promise<void> {
  try {
    await become((await net.session()).person);
  } catch {
    /* no network at all: nobody is known yet */
  }
}

export const coverKey = (target: string, method: string, round: string, level: number): string =>
  [target, method, round, level].join("|");

/** What I recorded since the day was fetched counts on my list at once. */
export function coveredHere(target: Target, standing: Standing): Item | undefined {
  const key = coverKey(target.target, standing.method_key, standing.round, standing.level);
  return state.items.find(
    (item) => item.covers === key && item.state !== "refused" && (item.state !== "sent" || item.at > Date.parse(state.day?.date ?? "")),
  );
}

export interface Row {
  target: Target;
  standing: Standing;
  state: Standing["state"];
  mine: Item | undefined;
}

/** The targets of one round and level, in walking order, as they stand with what waits to be sent. */
export function rowsOf(plan: Plan, level: number): Row[] {
  const rows: Row[] = [];
  for (const target of state.day?.targets ?? []) {
    const standing = target.standings.find(
      (one) => one.method_key === plan.method_key && one.round === plan.round && one.level === level,
    );
    if (!standing || standing.state === "off_season") continue;
    const mine = coveredHere(target, standing);
    rows.push({ target, standing, mine, state: mine ? "done" : standing.state });
  }
  return rows.sort((a, b) => (a.standing.order || a.target.order) - (b.standing.order || b.target.order));
}

export const isDone = (row: Row): boolean => row.state === "done" || row.state === "too_soon";

export function mattersAt(area: string): OpenMatter[] {
  return (state.day?.matters ?? []).filter((matter) => matter.area_code === area);
}

export const waiting = (): Item[] => state.items.filter((item) => item.state === "waiting");
export const cameBack = (): Item[] => state.items.filter((item) => item.state === "conflict" || item.state === "refused");
