/** Open matters where I go, and the acts on them that I may do; offline upon the version that I saw. */
import type { JSX } from "preact";
import { moment } from "../dates";
import { put, writtenIn } from "../queue";
import type { Act, Draft, Given, OpenMatter } from "../shapes";
import { t, type Word } from "../words";
import { useDraft, type Change, type Held } from "./draft";
import { FinishButton, useFinish } from "./finish";
import { Photos } from "./media";
import { Bar, Empty, go, GroupError, Head, Pick, Select, Text, useFieldState } from "./parts";
import { say } from "./snack";
import { Gone } from "./visit";

function Limit({ matter }: { matter: OpenMatter }): JSX.Element | null {
  const late = matter.due_at !== null && Date.parse(matter.due_at) < Date.now();
  if (!matter.due_at && !matter.card) return null;
  return (
    <span class="f-limit">
      {matter.card && <span class={`plate plate--${matter.card}`}>{t(matter.card === "red" ? "card_red" : "card_yellow")}</span>}{" "}
      {matter.due_at && <span class={late ? "due--late" : ""}>{late ? t("late") : t("until", { at: moment(matter.due_at) })}</span>}
    </span>
  );
}

export function Matters(): JSX.Element {
  const day = useFieldState().day;
  const matters = [...(day?.matters ?? [])].sort((a, b) => Number(b.acts.some((act) => act.must)) - Number(a.acts.some((act) => act.must)));
  return (
    <>
      <main class="f-page">
        <Head title={t("open_all")} back="/" />
        {matters.length === 0 && <Empty title="open_none" />}
        <ul class="f-cards">
          {matters.map((matter) => (
            <li key={matter.matter_id}>
              <a href={`#/matter/${matter.matter_id}`}>
                <span class="f-cards__title">{matter.title}</span>
                <span class="muted">
                  {matter.area_name} · {matter.step_title}
                </span>
                <Limit matter={matter} />
                {matter.acts
                  .filter((act) => act.must)
                  .map((act) => (
                    <strong key={act.action}>● {act.title}</strong>
                  ))}
              </a>
            </li>
          ))}
        </ul>
        {day?.more_matters && (
          <p>
            <a class="f-line" href="/desk/ledger/?state=open">
              {t("open_more")}
            </a>
          </p>
        )}
      </main>
      <Bar />
    </>
  );
}

export function Matter({ id }: { id: string }): JSX.Element {
  const matter = useFieldState().day?.matters.find((one) => one.matter_id === id);
  if (!matter) return <Gone />;
  return (
    <>
      <main class="f-page">
        <Head title={matter.title} back="/matters" />
        <p>
          {matter.area_name} · {matter.step_title} · <span class="mono">{matter.display_number}</span>
        </p>
        <Limit matter={matter} />
        <section class="f-acts" aria-labelledby="acts">
          <h2 id="acts">{t("acts")}</h2>
          {matter.acts.length === 0 && <p class="muted">{t("acts_none")}</p>}
          <ul class="plain">
            {matter.acts.map((act) => (
              <li key={act.action}>
                <ActLink matter={matter} act={act} />
              </li>
            ))}
          </ul>
        </section>
      </main>
      <Bar />
    </>
  );
}

function ActLink({ matter, act }: { matter: OpenMatter; act: Act }): JSX.Element {
  const look = `btn btn--wide${act.must ? " btn--primary" : ""}`;
  const named = act.assigns.length > 0 || act.gives.some((given) => given.required && given.type === "person");
  if (!named) {
    return (
      <a class={look} href={`#/act/${matter.matter_id}/${act.action}`}>
        {act.title}
      </a>
    );
  }
  return (
    <>
      <a class={look} href={`/desk/matters/${matter.matter_id}/?do=${act.action}#do`}>
        {act.title}
      </a>
      <span class="why-not">{t("at_desk")}</span>
    </>
  );
}

export function ActPage({ matter: id, action, draftId = "" }: { matter: string; action: string; draftId?: string }): JSX.Element | null {
  const matter = useFieldState().day?.matters.find((one) => one.matter_id === id);
  const act = matter?.acts.find((one) => one.action === action);
  const name = matter && act ? matter.title + t("colon") + act.title : "";
  const held = useDraft("advance", `${id}|${action}`, draftId, {
    matter_id: id, action, name, area_code: matter?.area_code ?? "", version: matter?.version ?? 0,
  });
  const finishing = useFinish(held);
  if (!held) return null;
  const { draft, change } = held;
  const { errors } = finishing;
  if (!matter || !act) return <Stale draft={draft} />;

  const finish = (): Promise<void> =>
    finishing.finish(
      (now) => missing(now, act),
      async (now) => {
        // Upon the matter as it is shown now: the draft may be older than the day, or have come back from a conflict.
        const done = await put({ ...now, name, area_code: matter.area_code, version: matter.version });
        say(t("recorded", { what: act.title }), done);
        go("/");
      },
    );
  return (
    <>
      <main class="f-page">
        <Head title={act.title} back={`/matter/${id}`} />
        <p>
          {matter.title} · {matter.area_name}
        </p>
        {act.gives.map((given) => (
          <GivenField key={given.key} given={given} draft={draft} change={change} error={errors[`g-${given.key}`]} />
        ))}
        {act.reason && (
          <Text id="reason" long max={1000} label={t("reason") + (act.reason === "optional" ? t("optional") : "")} value={draft.reason}
            error={errors["reason"]} set={(reason) => change({ reason })} />
        )}
        <Evidence act={act} held={held} errors={errors} />
      </main>
      <Bar wrong={finishing.failed}>
        <FinishButton label={act.title} held={held} finishing={finishing} act={() => void finish()} />
      </Bar>
    </>
  );
}

const TAGS: Record<string, Word> = { before: "tag_before", after: "tag_after", scene: "tag_scene", paper: "tag_paper" };

/** What a photo of this draft shows; what no tag is kept of shows what the act names first. */
const tagOf = (draft: Draft, id: string, tags: string[]): string => draft.tags?.[id] ?? tags[0]!;

const tagsOf = (act: Act): string[] => (Object.keys(act.photos).length > 0 ? Object.keys(act.photos) : ["scene"]);

/** The photos of an act: a row for each thing that they are to show, such as before and after. */
function Evidence({ act, held, errors }: { act: Act; held: Held; errors: Record<string, string> }): JSX.Element {
  const { hand, draft, change } = held;
  const tags = tagsOf(act);
  return (
    <>
      {tags.map((tag) => {
        const shows = (now: Draft): string[] => now.photos.filter((one) => tagOf(now, one, tags) === tag);
        const set = (how: (ids: string[]) => string[]): void =>
          change((now) => {
            const mine = how(shows(now));
            const others = now.photos.filter((one) => tagOf(now, one, tags) !== tag);
            return { photos: [...others, ...mine], tags: { ...now.tags, ...Object.fromEntries(mine.map((one) => [one, tag])) } };
          });
        const label = tags.length > 1 && TAGS[tag] ? t(TAGS[tag]!) : undefined;
        return (
          <Photos key={tag} id={tags.length > 1 ? `photos-${tag}` : "photos"} hand={hand} ids={shows(draft)} used={draft.photos.length} put={set}
            tag={tag} least={act.photos[tag] ?? 0} error={errors[tags.length > 1 ? `photos-${tag}` : "photos"]} {...(label ? { label } : {})} />
        );
      })}
    </>
  );
}

/** The act is not open any more, as far as the phone knows: what was written is still there to read and copy. */
function Stale({ draft }: { draft: Draft }): JSX.Element {
  return (
    <>
      <main class="f-page">
        <Head title={draft.name || t("drafts")} back="/drafts" />
        <p class="notice">{t("gone")}</p>
        <p class="said">{writtenIn(draft)}</p>
      </main>
      <Bar />
    </>
  );
}

function missing(draft: Draft, act: Act): Record<string, string> {
  const wrong: Record<string, string> = {};
  for (const given of act.gives) {
    if (given.required && !draft.given[given.key]?.trim()) wrong[`g-${given.key}`] = t("need", { what: given.title });
  }
  if (act.reason === "required" && !draft.reason.trim()) wrong["reason"] = t("need", { what: t("reason") });
  const tags = tagsOf(act);
  for (const tag of tags) {
    const least = act.photos[tag] ?? 0;
    const has = draft.photos.filter((one) => tagOf(draft, one, tags) === tag).length;
    const what = t(TAGS[tag] ?? "photo");
    if (has < least) wrong[tags.length > 1 ? `photos-${tag}` : "photos"] = t("photos_need", { what, n: least });
  }
  return wrong;
}

const TYPES: Record<string, "number" | "date" | "datetime-local"> = { number: "number", date: "date", time: "datetime-local" };

interface GivenProps {
  given: Given;
  draft: Draft;
  change: Change;
  error?: string | undefined;
}

function GivenField({ given, draft, change, error }: GivenProps): JSX.Element | null {
  const id = `g-${given.key}`;
  const value = draft.given[given.key] ?? "";
  const set = (to: string): void => change({ given: { ...draft.given, [given.key]: to } });
  const label = given.title + (given.required ? "" : t("optional"));
  const hint = given.hint || undefined;
  if (given.type === "choice") return <Select id={id} label={label} value={value} options={given.options} set={set} error={error} />;
  if (given.type === "choices") return <Many given={given} label={label} value={value} set={set} error={error} />;
  if (given.type === "yes_no") {
    const options = [
      { key: "yes", title: t("yes") },
      { key: "no", title: t("no") },
    ];
    return <Pick name={id} legend={label} value={value} options={options} set={set} error={error} />;
  }
  if (given.type === "person") return null; // named at a desk, with a network
  const type = TYPES[given.type] ?? "text";
  return <Text id={id} label={label} hint={hint} value={value} set={set} error={error} type={type} long={given.type === "long_text"} />;
}

interface ManyProps {
  given: Given;
  label: string;
  value: string;
  set: (to: string) => void;
  error?: string | undefined;
}

function Many({ given, label, value, set, error }: ManyProps): JSX.Element {
  const id = `g-${given.key}`;
  const on = value ? value.split("\n") : [];
  const toggle = (key: string): void => set((on.includes(key) ? on.filter((one) => one !== key) : [...on, key]).join("\n"));
  return (
    <fieldset class={`f-pick${error ? " is-wrong" : ""}`} id={id} aria-describedby={error ? `${id}-error` : undefined}>
      <legend>{label}</legend>
      <div class="f-pick__row">
        {given.options.map((option) => (
          <label key={option.key} class={on.includes(option.key) ? "is-on" : ""}>
            <input type="checkbox" checked={on.includes(option.key)} onChange={() => toggle(option.key)} />
            <span>{option.title}</span>
          </label>
        ))}
      </div>
      <GroupError id={id} error={error} />
    </fieldset>
  );
}
