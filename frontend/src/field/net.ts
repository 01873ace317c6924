/** What goes over the wire. Nothing here keeps anything; nothing here decides. */
import type { Day, Item, KeptFile, Problem, Result, Who } from "./shapes";
import { spoken, t } from "./words";

export class Offline extends Error {}
/** There is a network, but no answer came in time. */
export class Slow extends Offline {}
export class SignedOut extends Error {}
/** Signed in, but with no post that goes out. */
export class NoTask extends Error {}
/** The server asks for patience, in seconds. */
export class Busy extends Error {
  constructor(
    readonly seconds: number,
    readonly why: "server" | "patience",
  ) {
    super("busy");
  }
}
export class Refused extends Error {
  constructor(readonly problems: Problem[]) {
    super("refused");
  }
}

export interface Session {
  person: Who | null;
  csrf: string;
}

const SECONDS = 45;
const FILE_SECONDS = 180; // a photo of some megabytes over a poor line

async function ask(path: string, init: RequestInit = {}, seconds = SECONDS): Promise<Response> {
  let answer: Response;
  const patience = "AbortController" in window ? new AbortController() : null;
  const timer = window.setTimeout(() => patience?.abort(), seconds * 1000);
  const headers = { "Accept-Language": spoken(), ...(init.headers as Record<string, string> | undefined) };
  try {
    answer = await fetch(path, { ...init, headers, credentials: "same-origin", ...(patience ? { signal: patience.signal } : {}) });
  } catch {
    throw patience?.signal.aborted ? new Slow() : new Offline();
  } finally {
    window.clearTimeout(timer);
  }
  // A first password that must be changed leads elsewhere, whatever was asked for.
  if (answer.status === 401 || answer.redirected) throw new SignedOut();
  // The token belongs to one signing-in: somebody else signed in meanwhile, so ask again who is here.
  if (answer.status === 403 && init.method) throw new SignedOut();
  if (answer.status === 429) throw new Busy(Number(answer.headers.get("Retry-After")) || 30, "patience");
  if (answer.status >= 500) throw new Busy(15, "server");
  return answer;
}

export async function session(): Promise<Session> {
  const answer = await ask("/field/session/", { cache: "no-store" });
  if (!answer.ok) throw new Offline();
  return (await answer.json()) as Session;
}

/** The day, or nothing where it is still what `etag` names. */
export async function fetchDay(etag: string): Promise<{ day: Day; etag: string } | null> {
  const answer = await ask("/api/v1/field/day", etag ? { headers: { "If-None-Match": etag } } : {});
  if (answer.status === 304) return null;
  if (answer.status === 403) throw new NoTask();
  if (!answer.ok) throw new Offline();
  return { day: (await answer.json()) as Day, etag: answer.headers.get("ETag") ?? "" };
}

async function problemsOf(answer: Response): Promise<Problem[]> {
  try {
    const body = (await answer.json()) as { problems?: Problem[]; title?: string };
    if (body.problems?.length) return body.problems;
    return [{ where: "", why: body.title ?? t("refused"), how: "" }];
  } catch {
    return [{ where: "", why: t("refused"), how: "" }];
  }
}

export async function putFile(kept: KeptFile, csrf: string): Promise<void> {
  const init = {
    method: "PUT",
    headers: { "X-CSRFToken": csrf, "Content-Type": kept.type || "application/octet-stream" },
    body: kept.bytes,
  };
  const answer = await ask(`/api/v1/field/files/${kept.id}?kind=${kept.kind}&tag=${kept.tag}`, init, FILE_SECONDS);
  if (!answer.ok) throw new Refused(await problemsOf(answer));
}

export async function sync(items: Item[], csrf: string): Promise<Result[]> {
  const body = JSON.stringify({ items: items.map(({ id, kind, data }) => ({ id, kind, data })) });
  const answer = await ask("/api/v1/field/sync", {
    method: "POST",
    headers: { "X-CSRFToken": csrf, "Content-Type": "application/json" },
    body,
  });
  if (!answer.ok) throw new Refused(await problemsOf(answer));
  return ((await answer.json()) as { results: Result[] }).results;
}

export async function post(path: string, csrf: string, form: Record<string, string> = {}): Promise<void> {
  await ask(path, {
    method: "POST",
    headers: { "X-CSRFToken": csrf, "Content-Type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(form).toString(),
    redirect: "manual",
    keepalive: true, // it arrives though the page is left
  });
}
