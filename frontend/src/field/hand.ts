/**
 * A draft in hand: one object however many screens look at it, with the photos and recordings that are still under
 * way for it. What takes seconds changes the draft as it is then; what was put into the queue is changed no more.
 */
import type { Draft } from "./shapes";

/** A change, or how to make it of the draft as it is then. */
export type Part = Partial<Draft> | ((now: Draft) => Partial<Draft>);

interface Job {
  done: Promise<boolean>;
  stop?: (() => void) | undefined;
}

export interface Hand {
  draft: Draft;
  closed: boolean;
  jobs: Set<Job>;
  looks: Set<() => void>;
}

const hands = new Map<string, Hand>();

/** The hand that holds this draft; what it holds already is newer than what was read. */
export function take(draft: Draft): Hand {
  const held = hands.get(draft.id) ?? { draft, closed: false, jobs: new Set<Job>(), looks: new Set<() => void>() };
  hands.set(draft.id, held);
  return held;
}

export function inHand(wanted: (draft: Draft) => boolean): Draft | undefined {
  return [...hands.values()].map((hand) => hand.draft).find(wanted);
}

export function look(hand: Hand, fn: () => void): () => void {
  hand.looks.add(fn);
  return () => {
    hand.looks.delete(fn);
    letGo(hand);
  };
}

export function show(hand: Hand): void {
  hand.looks.forEach((fn) => fn());
}

function letGo(hand: Hand): void {
  if (hand.looks.size === 0 && hand.jobs.size === 0 && hands.get(hand.draft.id) === hand) hands.delete(hand.draft.id);
}

/** Notes that something is under way for the draft; `stop` ends what would go on by itself. */
export function during(hand: Hand, work: Promise<unknown>, stop?: () => void): void {
  const job: Job = { done: work.then(() => true, () => false), stop };
  hand.jobs.add(job);
  show(hand);
  void job.done.then(() => {
    hand.jobs.delete(job);
    show(hand);
    letGo(hand);
  });
}

/** Ends recordings and waits for all that is under way; false where something of it went wrong. */
export async function whole(hand: Hand): Promise<boolean> {
  let good = true;
  while (hand.jobs.size > 0) {
    const jobs = [...hand.jobs];
    jobs.forEach((job) => job.stop?.());
    good = (await Promise.all(jobs.map((job) => job.done))).every(Boolean) && good;
  }
  return good;
}

/** The draft is no more: it went into the queue, or was deleted. */
export function close(id: string): void {
  const hand = hands.get(id);
  if (!hand) return;
  hand.closed = true;
  hand.jobs.forEach((job) => job.stop?.());
  hands.delete(id);
}

/** It could not be put into the queue after all. */
export function unclose(hand: Hand): void {
  hand.closed = false;
  hands.set(hand.draft.id, hand);
}
