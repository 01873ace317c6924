/** What the server sends for a day in the field, and what the phone keeps. Named as in docs/api.md. */

export type Pair = [string, string];

export interface CheckItem {
  key: string;
  title: string;
  method_key: string;
  category: string;
  urgency: string;
}

export interface Plan {
  method_key: string;
  round: string;
  title: string;
  note: string;
  role: string;
  role_title: string;
  levels: number[];
  stands_in: boolean;
  together: Pair[];
  together_rule: string;
  checklist: CheckItem[];
  every: string;
  since: string | null;
  until: string | null;
}

export interface Standing {
  method_key: string;
  round: string;
  level: number;
  state: "due" | "done" | "too_soon" | "off_season" | "after_level";
  since: string | null;
  until: string | null;
  last_at: string | null;
  never: boolean;
  order?: number; // a day kept on the phone since before has none
}

export interface Target {
  target: string;
  kind: string;
  kind_title: string;
  area_code: string;
  area_name: string;
  place_id: string | null;
  name: string;
  order: number;
  standings: Standing[];
  due: boolean;
}

export interface Choice {
  key: string;
  title: string;
}

/** One thing that an act asks for. */
export interface Given {
  key: string;
  title: string;
  type: string;
  required: boolean;
  hint: string;
  options: Choice[];
}

/** An act that I may do now. */
export interface Act {
  action: string;
  title: string;
  does: string;
  must: boolean;
  reason: "" | "optional" | "required";
  photos: Record<string, number>;
  assigns: string[];
  gives: Given[];
}

export interface OpenMatter {
  matter_id: string;
  number: string;
  display_number: string;
  title: string;
  area_code: string;
  area_name: string;
  step_title: string;
  version: number;
  due_at: string | null;
  card: string;
  created_at: string;
  acts: Act[];
}

export interface DayPairing {
  pairing_id: string;
  method_key: string;
  key: string;
  title: string;
  area_code: string;
  area_name: string;
  place_id: string | null;
  place_name: string;
  masked_name: string;
  help: Pair[];
  last_visit_at: string | null;
  /** Where it stands by its own rhythm, as a place on a round does; "" where visits are made as needed. */
  state?: Standing["state"] | "";
  since?: string | null;
  until?: string | null;
}

export interface Form {
  method_key: string;
  title: string;
  default: boolean;
  categories: Choice[];
  urgencies: Choice[];
}

export interface Area {
  code: string;
  name: string;
  level: string;
}

export interface Day {
  date: string;
  language: string;
  person_id: string;
  person_name: string;
  plans: Plan[];
  targets: Target[];
  matters: OpenMatter[];
  pairings: DayPairing[];
  areas: Area[];
  forms: Form[];
  more_matters: boolean;
  /** How many places there are besides those that came along. */
  more_targets?: number;
}

export interface Problem {
  where: string;
  why: string;
  how: string;
}

/** What a matter is now, beside what somebody wrote for it when it was something else. */
export interface Now {
  matter_id: string;
  number: string;
  title: string;
  area_name: string;
  is_open: boolean;
  step_title: string;
  outcome_title: string;
  version: number;
  updated_at: string;
  last?: { sentence: string; who: string; at: string } | null;
  acts: Act[];
}

export interface Result {
  id: string;
  state: "done" | "again" | "conflict" | "refused" | "waiting";
  problems?: Problem[];
  counted?: boolean | null;
  not_counted?: string;
  /** Why it is not counted, in words. */
  reason?: string;
  now?: Now | null;
  number?: string;
}

export type Kind = "visit" | "finding" | "record" | "advance" | "help";
export type ItemState = "waiting" | "sent" | "conflict" | "refused";

/** One thing recorded, in the order of `seq`. What has been sent keeps its label and loses its text. */
export interface Item {
  seq?: number;
  id: string;
  person: string;
  kind: Kind;
  data: Record<string, unknown>;
  files: string[];
  state: ItemState;
  label: string;
  at: number;
  /** Not sent before this instant: until then it can be undone. */
  hold: number;
  /** What it makes done on the list of today: `target|method|round|level`, or `pairing|id`. */
  covers?: string;
  /** Why it does not count there, as far as is known: the phone's own guess, then the server's word. */
  uncounted?: string;
  reason?: string;
  /** Where it was: the next thing is likely near. */
  area?: string;
  /** What is left of the label once it is sent: nothing of what was written. */
  brief?: string;
  problems?: Problem[];
  now?: Now | null;
  number?: string;
  sentAt?: number;
  /** The draft it was made of, to be opened again when it comes back. */
  draft?: Draft;
}

/** A photo or a voice note waiting on the phone. Kept as bytes: some phones lose blobs in their database. */
export interface KeptFile {
  id: string;
  person: string;
  kind: "photo" | "sound";
  tag: string;
  type: string;
  bytes: ArrayBuffer;
  uploaded: boolean;
  problem?: Problem;
}

export interface FindingDraft {
  id: string;
  item: string;
  text: string;
  method_key: string;
  category: string;
  urgency: string;
  join: string;
  photos: string[];
}

/** What somebody is writing. `key` finds it again from the page it was begun on. */
export interface Draft {
  id: string;
  person: string;
  kind: "visit" | "record" | "advance";
  key: string;
  updated: number;
  /** Where it stands in the queue, for what came back and is mended: it keeps its turn. */
  seq?: number;
  area_code: string;
  place_id: string;
  target: string;
  name: string;
  method_key: string;
  round: string;
  level: number;
  pairing_id: string;
  help_kind: string;
  arrived_at: string;
  /** When it was finished first: mended later, it has still happened then. */
  happened_at?: string;
  title: string;
  text: string;
  checklist: Record<string, string>;
  together: string[];
  photos: string[];
  /** What a photo shows (before, after …), where the act names several. */
  tags?: Record<string, string>;
  sounds: string[];
  findings: FindingDraft[];
  category: string;
  urgency: string;
  channel: string;
  reporter_name: string;
  phone: string;
  matter_id: string;
  action: string;
  version: number;
  reason: string;
  given: Record<string, string>;
  /** What was given, in words: the act and its labels may be gone from the day when it comes back. */
  shown?: string;
}

export interface KeptDay {
  person: string;
  etag: string;
  fetched: number;
  day: Day;
}

export interface Who {
  id: string;
  name: string;
}
