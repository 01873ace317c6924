/** One thing that was found: a new matter, or one that is known here already. */
import type { JSX } from "preact";
import type { Hand } from "../hand";
import type { FindingDraft, Form } from "../shapes";
import { mattersAt, state } from "../state";
import { t } from "../words";
import { Photos } from "./media";
import { Icon, Select, Text } from "./parts";

/** What a new matter of this method asks for; of the residents' own method where none is named. */
export function formOf(method: string): Form | undefined {
  const forms = state.day?.forms ?? [];
  return forms.find((form) => form.method_key === method) ?? forms.find((form) => form.default) ?? forms[0];
}

/** By which method something is settled that no checklist speaks of: the residents' own, until another is chosen. */
export const usualMethod = (): string => formOf("")?.method_key ?? "";

/** What goes with another method: a kind that it does not know is dropped. */
function byMethod(finding: FindingDraft, method_key: string): Partial<FindingDraft> {
  const form = formOf(method_key);
  const known = (key: string, among: { key: string }[] = []): string => (among.some((one) => one.key === key) ? key : "");
  return { method_key, category: known(finding.category, form?.categories), urgency: known(finding.urgency, form?.urgencies) };
}

export type FindingPart = Partial<FindingDraft> | ((now: FindingDraft) => Partial<FindingDraft>);

interface Props {
  hand: Hand;
  n: number;
  finding: FindingDraft;
  area: string;
  title: string;
  put: (change: FindingPart) => void;
  drop: () => void;
  error?: string | undefined;
}

export function FindingForm({ hand, n, finding, area, title, put, drop, error }: Props): JSX.Element {
  const known = area ? mattersAt(area) : [];
  const joined = known.find((matter) => matter.matter_id === finding.join);
  const forms = state.day?.forms ?? [];
  const form = formOf(finding.method_key);
  const id = finding.id;
  return (
    <fieldset class="f-finding">
      <legend>
        {t("finding_n", { n })}
        {title && t("colon") + title}
      </legend>
      <Text id={`text-${id}`} long max={2000} label={t("finding_text")} value={finding.text} error={error} set={(text) => put({ text })} />
      {joined ? (
        <div class="f-known">
          <p>{t("joined", { what: t("bracketed", { what: joined.title, more: joined.step_title }) })}</p>
          <button class="btn btn--wide" type="button" onClick={() => put({ join: "" })}>
            {t("unjoin")}
          </button>
        </div>
      ) : (
        known.length > 0 && (
          <div class="f-known">
            <p class="f-known__title">{t("known_here")}</p>
            <ul class="plain">
              {known.map((matter) => (
                <li key={matter.matter_id}>
                  <span>
                    {matter.title} <span class="muted">· {matter.step_title}</span>
                  </span>
                  <button class="btn" type="button" onClick={() => put({ join: matter.matter_id })} aria-label={t("join") + t("colon") + matter.title}>
                    {t("join")}
                  </button>
                </li>
              ))}
            </ul>
          </div>
        )
      )}
      {!joined && !finding.item && forms.length > 1 && (
        <Select id={`method-${id}`} label={t("by_method")} value={form?.method_key ?? ""} plain
          options={forms.map((one) => ({ key: one.method_key, title: one.title }))} set={(key) => put((now) => byMethod(now, key))} />
      )}
      {!joined && finding.item && form && !form.default && <p class="muted">{t("goes_by", { method: form.title })}</p>}
      {!joined && form && !finding.item && form.categories.length > 0 && (
        <Select id={`category-${id}`} label={`${t("category")}${t("optional")}`} value={finding.category} options={form.categories} set={(category) => put({ category })} />
      )}
      {!joined && form && !finding.item && form.urgencies.length > 0 && (
        <Select id={`urgency-${id}`} label={`${t("urgency")}${t("optional")}`} value={finding.urgency} options={form.urgencies} set={(urgency) => put({ urgency })} />
      )}
      <Photos id={`photos-${id}`} hand={hand} ids={finding.photos} put={(how) => put((now) => ({ photos: how(now.photos) }))} />
      <button class="btn btn--quiet" type="button" onClick={drop}>
        <Icon name="cross" />
        {t("finding_drop")}
      </button>
    </fieldset>
  );
}
