/** One thing that was found: a new matter, or one that is known here already. */
import type { JSX } from "preact";
import type { FindingDraft, Form } from "../shapes";
import { mattersAt, state } from "../state";
import { t } from "../words";
import { Photos } from "./media";
import { Icon, Select, Text } from "./parts";

/** What a new matter of this method asks for; of the place's own method where none is named. */
export function formOf(method: string): Form | undefined {
  const forms = state.day?.forms ?? [];
  return forms.find((form) => form.method_key === method) ?? forms.find((form) => form.default);
}

interface Props {
  n: number;
  finding: FindingDraft;
  area: string;
  title: string;
  put: (change: Partial<FindingDraft>) => void;
  drop: () => void;
  error?: string | undefined;
}

export function FindingForm({ n, finding, area, title, put, drop, error }: Props): JSX.Element {
  const known = area ? mattersAt(area) : [];
  const joined = known.find((matter) => matter.matter_id === finding.join);
  const form = formOf(finding.method_key);
  const id = finding.id;
  return (
    <fieldset class="f-finding">
      <legend>
        {t("finding_n", { n })}
        {title && `：${title}`}
      </legend>
      <Text id={`text-${id}`} long max={2000} label={t("finding_text")} value={finding.text} error={error} set={(text) => put({ text })} />
      {joined ? (
        <div class="f-known">
          <p>{t("joined", { what: `${joined.title}（${joined.step_title}）` })}</p>
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
                  <button class="btn" type="button" onClick={() => put({ join: matter.matter_id })} aria-label={`${t("join")}：${matter.title}`}>
                    {t("join")}
                  </button>
                </li>
              ))}
            </ul>
          </div>
        )
      )}
      {!joined && form && !finding.item && form.categories.length > 0 && (
        <Select id={`category-${id}`} label={`${t("category")}${t("optional")}`} value={finding.category} options={form.categories} set={(category) => put({ category })} />
      )}
      {!joined && form && !finding.item && form.urgencies.length > 0 && (
        <Select id={`urgency-${id}`} label={`${t("urgency")}${t("optional")}`} value={finding.urgency} options={form.urgencies} set={(urgency) => put({ urgency })} />
      )}
      <Photos id={`photos-${id}`} ids={finding.photos} set={(photos) => put({ photos })} />
      <button class="btn btn--quiet" type="button" onClick={drop}>
        <Icon name="cross" />
        {t("finding_drop")}
      </button>
    </fieldset>
  );
}
