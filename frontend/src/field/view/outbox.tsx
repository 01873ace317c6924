/** What was recorded: sent, waiting, or come back with both sides; and what was left half written. */
import type { JSX } from "preact";
import { moment } from "../dates";
import { draftOf, forget, reopen } from "../drafts";
import { againNow, notSend, writtenIn } from "../queue";
import type { Draft, Item } from "../shapes";
import { state } from "../state";
import { sendNow } from "../sync";
import { t } from "../words";
import { Bar, Empty, go, Head, Icon, useFieldState } from "./parts";
import { say } from "./snack";
import { wentWhy } from "./standing";
import { Notices } from "./today";

export function Outbox(): JSX.Element {
  const now = useFieldState();
  const back = now.items.filter((item) => item.state === "conflict" || item.state === "refused");
  const wait = now.items.filter((item) => item.state === "waiting");
  const sent = now.items.filter((item) => item.state === "sent").reverse();
  return (
    <>
      <main class="f-page">
        <Head title={t("outbox")} back="/" />
        <Notices />
        {now.items.length === 0 && <Empty title="wait_none" hint="out_none" />}
        {back.length > 0 && (
          <section aria-labelledby="came-back">
            <h2 id="came-back">
              {t("out_back")} · {back.length}
            </h2>
            {back.map((item) => (item.state === "conflict" || item.now ? <Conflict key={item.id} item={item} /> : <NotTaken key={item.id} item={item} />))}
          </section>
        )}
        <Queue id="waiting" title={`${t("out_waiting")} · ${wait.length}`} items={wait} />
        <Queue id="sent" title={`${t("out_sent")} · ${sent.length}`} items={sent} />
      </main>
      <Bar>
        {wait.length > 0 && (
          <button class="btn btn--primary btn--wide" type="button" onClick={() => void sendNow()}>
            {t("send_now")}
          </button>
        )}
      </Bar>
    </>
  );
}

function Queue({ id, title, items }: { id: string; title: string; items: Item[] }): JSX.Element | null {
  if (items.length === 0) return null;
  return (
    <section aria-labelledby={`out-${id}`}>
      <h2 id={`out-${id}`}>{title}</h2>
      <ol class="f-queue" data-queue={id}>
        {items.map((item) => (
          <li key={item.id}>
            <span class="f-queue__what">{item.label}</span>
            <span class="muted small">
              {moment(item.at)}
              {item.number && ` · ${item.number}`}
              {item.uncounted && ` · ${wentWhy(item)}`}
            </span>
            <span class="f-queue__state">
              <span aria-hidden="true">{item.state === "sent" ? "✓" : "⇅"}</span> {t(item.state === "sent" ? "out_sent" : "out_waiting")}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Problems({ item }: { item: Item }): JSX.Element {
  return (
    <ul class="f-problems">
      {(item.problems ?? []).map((problem, n) => (
        <li key={n}>
          {problem.why} {problem.how}
        </li>
      ))}
    </ul>
  );
}

/** What was written, as it is now: it may have been opened and mended already. */
function textOf(item: Item): string {
  const draft = draftOf(item);
  return draft ? writtenIn(draft) : String(item.data["text"] ?? "");
}

/** Whether it was opened again and stands among the drafts: then that goes out, not what came back. */
const opened = (item: Item): boolean => state.drafts.some((draft) => draft.id === item.draft?.id);

function Conflict({ item }: { item: Item }): JSX.Element {
  const now = item.now;
  const may = now?.acts.some((act) => act.action === item.data["action"]) || (item.kind === "finding" && now?.is_open);
  return (
    <article class="f-back" data-id={item.id}>
      <h3>{item.label}</h3>
      {item.state === "conflict" && <p>{t("conflict_why")}</p>}
      <Problems item={item} />
      <div class="f-sides">
        <section aria-label={t("yours")}>
          <h4>{t("yours")}</h4>
          <p class="muted small">{moment(item.at)}</p>
          <p class="said">{textOf(item)}</p>
        </section>
        <section aria-label={t("now")}>
          <h4>{t("now")}</h4>
          {now ? (
            <>
              <p class="muted small">{moment(now.updated_at)}</p>
              <p>
                <strong>{now.title}</strong>
              </p>
              <p>{now.is_open ? t("now_step", { step: now.step_title }) : t("now_closed", { outcome: now.outcome_title })}</p>
              {now.last && <p>{t("now_last", { what: now.last.sentence, at: moment(now.last.at) })}</p>}
            </>
          ) : (
            <p>{t("now_hidden")}</p>
          )}
        </section>
      </div>
      {may && !opened(item) && (
        <button class="btn btn--primary btn--wide" type="button" onClick={() => void againNow(item)}>
          {t("again_now")}
        </button>
      )}
      <Ways item={item} />
    </article>
  );
}

function NotTaken({ item }: { item: Item }): JSX.Element {
  return (
    <article class="f-back" data-id={item.id}>
      <h3>{item.label}</h3>
      <Problems item={item} />
      <p class="said">{textOf(item)}</p>
      <Ways item={item} />
    </article>
  );
}

function Ways({ item }: { item: Item }): JSX.Element {
  const mend = async (): Promise<void> => {
    const draft = await reopen(item);
    if (draft) go(pathOf(draft));
  };
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(textOf(item));
    say(t("copied"));
  };
  const stop = async (): Promise<void> => {
    await notSend(item);
    say(t("kept_draft"));
  };
  return (
    <div class="f-ways">
      {item.draft && (
        <button class="btn" type="button" onClick={() => void mend()}>
          <Icon name="edit" />
          {t("mend")}
        </button>
      )}
      {"clipboard" in navigator && textOf(item) && (
        <button class="btn" type="button" onClick={() => void copy()}>
          <Icon name="copy" />
          {t("copy")}
        </button>
      )}
      <button class="btn" type="button" onClick={() => void stop()}>
        {t("not_send")}
      </button>
    </div>
  );
}

/** The screen on which a draft is gone on with. */
export function pathOf(draft: Draft): string {
  if (draft.kind === "record") return `/record/${draft.id}`;
  if (draft.kind === "advance") return `/act/${draft.matter_id}/${draft.action}/${draft.id}`;
  return `/draft/${draft.id}`;
}

export function Drafts(): JSX.Element {
  const drafts = useFieldState().drafts;
  const drop = async (draft: Draft): Promise<void> => {
    if (window.confirm(t("drop_sure"))) await forget(draft);
  };
  return (
    <>
      <main class="f-page">
        <Head title={t("drafts")} back="/" />
        {drafts.length === 0 && <Empty title="no_drafts" />}
        <ul class="f-cards">
          {drafts.map((draft) => (
            <li key={draft.id}>
              <a href={`#${pathOf(draft)}`}>
                <span class="f-cards__title">{draft.name || t(draft.kind === "record" ? "add_record" : "add_visit")}</span>
                <span class="said">{writtenIn(draft).slice(0, 80)}</span>
                <span class="muted small">{moment(draft.updated)}</span>
              </a>
              <button class="btn btn--quiet" type="button" onClick={() => void drop(draft)} aria-label={`${t("drop_draft")}${t("colon")}${draft.name || t(draft.kind === "record" ? "add_record" : "add_visit")}`}>
                {t("drop_draft")}
              </button>
            </li>
          ))}
        </ul>
      </main>
      <Bar />
    </>
  );
}

export const unsentCount = (): number => state.items.filter((item) => item.state !== "sent").length;
