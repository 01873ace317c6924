/**
 * Voice notes as they are spoken: every second goes into the phone's database, so that a tab which is closed, or a
 * battery that is empty, costs no more than that. What was left there becomes a voice note of its draft.
 */
import { fresh, keep, settled } from "./drafts";
import { during, type Hand } from "./hand";
import { newId } from "./ids";
import { canRecord } from "./sounds";
import * as sounds from "./sounds";
import * as store from "./store";
import type { Draft } from "./shapes";

export { canRecord };

export interface Running {
  id: string;
  stop: () => void;
  /** Settles when the voice note is kept with its draft. */
  kept: Promise<void>;
}

const lock = (id: string): string => `bihuan-field-recording-${id}`;

/** Holds the recording's lock until it ends: another tab must not take it for one that was left behind. */
function hold(id: string, until: Promise<unknown>): void {
  if ("locks" in navigator) void navigator.locks.request(lock(id), () => until.catch(() => undefined));
}

/** Begins to record for the draft in hand; `add` notes the voice note in it. */
export async function begin(hand: Hand, add: (id: string) => void): Promise<Running> {
  const id = newId();
  const recording = await sounds.record();
  const { person } = hand.draft;
  let writing: Promise<unknown> = store.beginRecording({ id, person, type: recording.type, draft: hand.draft });
  let n = 0;
  recording.listen((part) => {
    const at = n++;
    writing = writing
      .then(async () => store.keepPart({ recording: id, n: at, bytes: await new Response(part).arrayBuffer() }))
      .catch(() => undefined); // the phone is full: what is in memory is kept when it ends, if it can be
  });
  const kept = recording.done.then(async (blob) => {
    try {
      await writing.catch(() => undefined);
      if (blob.size === 0) return;
      await sounds.keepSound(blob, person, id);
      add(id);
      await settled();
    } finally {
      await store.endRecording(id);
    }
  });
  kept.catch(() => undefined); // told to whoever awaits it
  hold(id, kept);
  during(hand, kept, recording.stop);
  return { id, stop: recording.stop, kept };
}

/** Makes voice notes of the recordings that were broken off; returns how many. */
export async function rescue(): Promise<number> {
  let found = 0;
  for (const head of await store.recordings()) {
    const work = async (): Promise<void> => {
      const bytes = await store.parts(head.id);
      if (bytes.length > 0 && (await attach(head, new Blob(bytes, { type: head.type })))) found++;
      await store.endRecording(head.id);
    };
    if (!("locks" in navigator)) await work();
    else await navigator.locks.request(lock(head.id), { ifAvailable: true }, async (free) => (free ? work() : undefined));
  }
  return found;
}

async function attach(head: store.RecordingHead, blob: Blob): Promise<boolean> {
  const draft = await draftFor(head);
  if (!draft) return false;
  await sounds.keepSound(blob, head.person, head.id);
  keep({ ...draft, sounds: [...draft.sounds, head.id] });
  await settled();
  return true;
}

/** The draft that it was spoken for; a new one of the same place where that has gone. None where it is kept already. */
async function draftFor(head: store.RecordingHead): Promise<Draft | null> {
  const kept = (await store.drafts()).find((draft) => draft.id === head.draft.id);
  const queued = (await store.items()).filter((item) => item.id === head.draft.id || item.draft?.id === head.draft.id);
  const has = [kept, ...queued.map((item) => item.draft)].some((draft) => draft?.sounds.includes(head.id));
  if (has) return null;
  if (kept) return kept;
  if (queued.length === 0) return head.draft;
  const { area_code, place_id, target, name, method_key, round, level, pairing_id } = head.draft;
  return { ...fresh("visit", head.draft.key, { area_code, place_id, target, name, method_key, round, level, pairing_id }), person: head.person };
}
