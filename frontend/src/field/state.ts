/** What the screens show: one object, read anew from the phone's store after every change, in this tab or another. */
import { dayOf } from "./dates";
import * as net from "./net";
import type { Day, DayPairing, Draft, Item, OpenMatter, Plan, Standing, Target, Who } from "./shapes";
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
  /** The phone has no room for what is written. */
  full: boolean;
  /** Why nothing goes out although there is a network. */
  trouble: "" | "server" | "slow" | "patience";
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
  full: false,
  trouble: "",
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

export function rememberTag(tag: string): void {
  try {
    localStorage.setItem(TAG, tag);
  } catch {
    /* then the whole day comes next time */
  }
}

/** Fetches the day where there is a network. Without one the day on the phone stays. */
export async function refresh(asked?: ReturnType<typeof net.fetchDay>): Promise<void> {
  const begun = Date.now(); // what is sent meanwhile may not be in the day that comes
  try {
    const kept = state.person ? await store.keptDay(state.person.id) : null;
    let came = await (asked ?? net.fetchDay(kept?.etag ?? ""));
    if (!came && !kept) came = await net.fetchDay(""); // unchanged, but not on this phone any more
    if (came) rememberTag(came.etag);
    const person = came ? { id: came.day.person_id, name: came.day.person_name } : state.person;
    if (came && person) {
      await store.keepDay({ person: person.id, etag: came.etag, fetched: begun, day: came.day });
      await become(person);
    } else if (kept) {
      await store.keepDay({ ...kept, fetched: begun });
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

export const pairingKey = (id: string): string => `pairing|${id}`;

/** The day hides who is visited once it is too old to be sure that I still go there. */
const TAKEN_AFTER = DAY;

/** Takes the names and doors of households off a day that was not renewed since yesterday. */
export async function blankHouseholds(): Promise<void> {
  const kept = state.person ? await store.keptDay(state.person.id) : null;
  const known = kept?.day.pairings.some((pairing) => pairing.masked_name || pairing.place_name);
  if (!kept || !known || Date.now() - kept.fetched < TAKEN_AFTER) return;
  const pairings = kept.day.pairings.map((pairing) => ({ ...pairing, masked_name: "", place_name: "", last_visit_at: null }));
  rememberTag(""); // or the server would say that nothing has changed
  await store.keepDay({ ...kept, etag: "", day: { ...kept.day, pairings } });
  await changed();
}

/**
 * What I recorded that the day does not tell of yet: what waits, what was sent since. One that counts goes before one
 * that does not; that one is shown for the rest of its day.
 */
export function coveredHere(key: string, since: string | null): Item | undefined {
  const mine = state.items.filter((item) => item.covers === key && item.state !== "refused" && (!since || item.at >= Date.parse(since)));
  const counting = mine.find((item) => !item.uncounted && (item.state !== "sent" || (item.sentAt ?? 0) >= state.fetched));
  return counting ?? mine.filter((item) => item.uncounted && dayOf(item.at) === dayOf()).pop();
}

export interface Row {
  target: Target;
  standing: Standing;
  state: Standing["state"] | "never" | "went";
  mine: Item | undefined;
}

/** A household by its rhythm, told as a place on a round is; none where visits are made as needed. */
export function rhythmOf(pairing: DayPairing): Pick<Standing, "state" | "never" | "since" | "until"> | null {
  if (!pairing.state) return null;
  return { state: pairing.state, never: !pairing.last_visit_at, since: pairing.since ?? null, until: pairing.until ?? null };
}

/** How something stands with what I recorded myself: "went" is recorded, but does not count. */
export function stands(standing: Pick<Standing, "state" | "never">, mine: Item | undefined): Row["state"] {
  if (mine && !mine.uncounted) return "done";
  if (standing.state !== "due") return standing.state;
  return mine ? "went" : standing.never ? "never" : "due";
}

/** The targets of one round and level, in walking order, as they stand with what waits to be sent. */
export function rowsOf(plan: Plan, level: number): Row[] {
  const rows: Row[] = [];
  for (const target of state.day?.targets ?? []) {
    const standing = target.standings.find(
      (one) => one.method_key === plan.method_key && one.round === plan.round && one.level === level,
    );
    if (!standing || standing.state === "off_season") continue;
    const mine = coveredHere(coverKey(target.target, plan.method_key, plan.round, level), standing.since);
    rows.push({ target, standing, mine, state: stands(standing, mine) });
  }
  return rows.sort((a, b) => (a.standing.order || a.target.order) - (b.standing.order || b.target.order));
}

export const isDone = (row: Row): boolean => row.state === "done" || row.state === "too_soon";

export function mattersAt(area: string): OpenMatter[] {
  return (state.day?.matters ?? []).filter((matter) => matter.area_code === area);
}

export const waiting = (): Item[] => state.items.filter((item) => item.state === "waiting");
export const cameBack = (): Item[] => state.items.filter((item) => item.state === "conflict" || item.state === "refused");
