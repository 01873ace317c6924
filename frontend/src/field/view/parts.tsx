/** Small pieces that every screen is built of. */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { listen, state, type State } from "../state";
import { t, type Word } from "../words";

/** The state, rendered anew whenever it changes. */
export function useFieldState(): State {
  const [, again] = useState(0);
  useEffect(() => listen(() => again((n) => n + 1)), []);
  return state;
}

const SPRITE = document.getElementById("app")?.dataset["icons"] ?? "";

export function Icon({ name }: { name: string }): JSX.Element {
  return (
    <svg class="icon" aria-hidden="true">
      <use href={`${SPRITE}#${name}`} />
    </svg>
  );
}

export function go(path: string): void {
  location.hash = path;
}

/** The head of a screen: where one came from, what it is. It takes the focus, so that a reader hears where one is. */
export function Head({ title, back, children }: { title: string; back?: string; children?: ComponentChildren }): JSX.Element {
  useEffect(() => {
    document.title = `${title} · ${t("app")}`;
    document.getElementById("title")?.focus({ preventScroll: true });
  }, [title]);
  return (
    <header class="f-head">
      {back !== undefined && (
        <a class="f-head__back" href={`#${back}`}>
          <Icon name="back" />
          <span>{t("back")}</span>
        </a>
      )}
      <h1 id="title" tabIndex={-1}>
        {title}
      </h1>
      {children}
    </header>
  );
}

/** The bar at the thumb: one main action, and always what waits to be sent. */
export function Bar({ children, wrong = "" }: { children?: ComponentChildren; wrong?: string }): JSX.Element {
  const now = useFieldState();
  const said = wrong || (now.full ? t("store_full") : "");
  return (
    <footer class="f-bar">
      {said && (
        <p class="f-bar__wrong field__error" role="alert">
          {said}
        </p>
      )}
      {children && <div class="f-bar__acts">{children}</div>}
      <Outlook />
    </footer>
  );
}

function Outlook(): JSX.Element {
  const now = useFieldState();
  const wait = now.items.filter((item) => item.state === "waiting").length;
  const back = now.items.filter((item) => item.state === "conflict" || item.state === "refused").length;
  const words = [
    ...(back ? [t("back_n", { n: back })] : []),
    now.sending ? t("sending", { n: now.sending }) : wait ? t("wait", { n: wait }) : t("wait_none"),
  ];
  return (
    <a class={`f-outlook${back ? " is-back" : ""}`} href="#/outbox">
      <span aria-hidden="true">{back ? "⚠" : "⇅"}</span> {words.join(" · ")}
      {!now.online && <span class="f-outlook__off">{t("offline")}</span>}
      {now.online && now.trouble && wait > 0 && <span class="f-outlook__off">{t(`trouble_${now.trouble}`)}</span>}
    </a>
  );
}

interface FieldProps {
  id: string;
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  children: ComponentChildren;
}

export function Field({ id, label, hint, error, children }: FieldProps): JSX.Element {
  return (
    <div class={`field${error ? " is-wrong" : ""}`}>
      <label class="field__label" for={id}>
        {label}
      </label>
      {hint && (
        <p class="field__hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {children}
      {error && (
        <p class="field__error" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

interface TextProps {
  id: string;
  label: string;
  value: string;
  set: (value: string) => void;
  long?: boolean;
  hint?: string | undefined;
  error?: string | undefined;
  select?: boolean;
  type?: "text" | "tel" | "number" | "date" | "datetime-local";
  max?: number;
  list?: string;
}

export function Text({ id, label, value, set, long, hint, error, type = "text", max, list, select }: TextProps): JSX.Element {
  const said = [hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ") || undefined;
  const shared = { id, value, maxLength: max, "aria-describedby": said, "aria-invalid": error ? true : undefined };
  return (
    <Field id={id} label={label} hint={hint} error={error}>
      {long ? (
        <textarea {...shared} rows={3} onInput={(event) => set(event.currentTarget.value)} />
      ) : (
        <input {...shared} type={type} list={list} autocomplete="off"
          onFocus={(event) => select && event.currentTarget.select()} onInput={(event) => set(event.currentTarget.value)} />
      )}
    </Field>
  );
}

interface SelectProps {
  id: string;
  label: string;
  value: string;
  options: readonly { key: string; title: string }[];
  set: (value: string) => void;
  error?: string | undefined;
  empty?: string;
  /** One of them always holds: there is nothing to be left open. */
  plain?: boolean;
}

export function Select({ id, label, value, options, set, error, empty = t("choose"), plain }: SelectProps): JSX.Element {
  return (
    <Field id={id} label={label} error={error}>
      <select id={id} value={value} aria-invalid={error ? true : undefined} aria-describedby={error ? `${id}-error` : undefined}
        onChange={(event) => set(event.currentTarget.value)}>
        {!plain && <option value="">{empty}</option>}
        {options.map((option) => (
          <option key={option.key} value={option.key}>
            {option.title}
          </option>
        ))}
      </select>
    </Field>
  );
}

interface PickProps {
  name: string;
  legend: string;
  value: string;
  options: readonly { key: string; title: string }[];
  set: (value: string) => void;
  error?: string | undefined;
}

/** What is wrong with a group of choices, told as that of a field is. */
export function GroupError({ id, error }: { id: string; error?: string | undefined }): JSX.Element | null {
  return error ? (
    <p class="field__error" id={`${id}-error`} role="alert">
      {error}
    </p>
  ) : null;
}

/** A few choices beside each other, each as large as a thumb. */
export function Pick({ name, legend, value, options, set, error }: PickProps): JSX.Element {
  return (
    <fieldset class={`f-pick${error ? " is-wrong" : ""}`} id={name} aria-describedby={error ? `${name}-error` : undefined}>
      <legend>{legend}</legend>
      <div class="f-pick__row">
        {options.map((option) => (
          <label key={option.key} class={value === option.key ? "is-on" : ""}>
            <input type="radio" name={name} value={option.key} checked={value === option.key} onChange={() => set(option.key)} />
            <span>{option.title}</span>
          </label>
        ))}
      </div>
      <GroupError id={name} error={error} />
    </fieldset>
  );
}

export function Empty({ title, hint }: { title: Word; hint?: Word }): JSX.Element {
  return (
    <div class="empty">
      <p class="empty__title">{t(title)}</p>
      {hint && <p>{t(hint)}</p>}
    </div>
  );
}
