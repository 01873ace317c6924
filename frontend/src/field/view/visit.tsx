/** One visit: look, tick, note, finish. To a place on a round, to a paired household, or of one's own accord. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { moment } from "../dates";
import { freshFinding } from "../drafts";
import { put, visitOf } from "../queue";
import type { CheckItem, Draft, FindingDraft, Plan } from "../shapes";
import { mattersAt, state } from "../state";
import { t } from "../words";
import { useDraft, type Change } from "./draft";
import { FindingForm } from "./finding";
import { Photos, Sounds } from "./media";
import { Bar, Empty, go, Head, Icon, Pick, Select, Text, useFieldState } from "./parts";
import { say } from "./snack";
import { Together } from "./together";
import { Where } from "./where";

export function PlaceVisit({ target, method, round, level }: { target: string; method: string; round: string; level: number }): JSX.Element {
  const day = useFieldState().day;
  const plan = day?.plans.find((one) => one.method_key === method && one.round === round);
  const place = day?.targets.find((one) => one.target === target);
  if (!plan || !place) return <Gone />;
  return <VisitForm key={target + round + level} draftKey={`${target}|${method}|${round}|${level}`} plan={plan} given={visitOf(plan, place, level)} />;
}

export function PairingVisit({ id }: { id: string }): JSX.Element {
  const pairing = useFieldState().day?.pairings.find((one) => one.pairing_id === id);
  if (!pairing) return <Gone />;
  const given = {
    area_code: pairing.area_code, place_id: pairing.place_id ?? "", target: pairing.place_id ?? pairing.area_code,
    name: `${pairing.area_name} ${pairing.place_name} · ${pairing.masked_name}`, method_key: pairing.method_key,
    pairing_id: pairing.pairing_id,
  };
  return <VisitForm key={id} draftKey={`pairing|${id}`} given={given} help={pairing.help} />;
}

export function Gone(): JSX.Element {
  return (
    <>
      <main class="f-page">
        <Head title={t("today")} back="/" />
        <Empty title="gone" />
      </main>
      <Bar />
    </>
  );
}

interface FormProps {
  draftKey: string;
  id?: string;
  plan?: Plan | undefined;
  given: Partial<Draft>;
  help?: [string, string][];
}

export function VisitForm({ draftKey, id = "", plan, given, help }: FormProps): JSX.Element | null {
  const [draft, change] = useDraft("visit", draftKey, id, given);
  const [errors, setErrors] = useState<Record<string, string>>({});
  if (!draft) return null;
  const free = !draft.round && !draft.pairing_id;
  const sent = state.items.some((item) => item.id === draft.id && item.state === "sent");
  const athome = Boolean(help) || state.day?.targets.find((one) => one.target === draft.target)?.kind === "household";

  const finish = async (result: string): Promise<void> => {
    const wrong = problemsOf(draft, free);
    setErrors(wrong);
    const first = Object.keys(wrong)[0];
    if (first) {
      window.setTimeout(() => document.getElementById(first)?.focus(), 0);
      return;
    }
    const done = await put(draft, result);
    say(result === "nothing" && !free ? t("recorded_ok", { place: draft.name }) : t("recorded", { what: draft.name }), done);
    go("/");
  };
  const found = draft.findings.length;
  return (
    <>
      <main class="f-page">
        <Head title={free ? t("add_visit") : draft.name} back="/" />
        {plan && <About plan={plan} draft={draft} />}
        {!sent && (
          <>
            {free && <Where draft={draft} change={change} error={errors["where"]} />}
            {plan && <Checklist plan={plan} draft={draft} change={change} />}
            {help && (
              <Select id="help" label={t("help_kind")} value={draft.help_kind} empty={t("help_visit")}
                options={help.map(([key, title]) => ({ key, title }))} set={(help_kind) => change({ help_kind })} />
            )}
          </>
        )}
        <Findings draft={draft} change={change} errors={errors} plan={plan} />
        {!sent && (
          <>
            {free && <Text id="title-field" label={t("title")} value={draft.title} max={60} set={(title) => change({ title })} />}
            <Text id="text" long max={2000} label={t(free ? "note_diary" : help ? "note_help" : "note")} value={draft.text}
              error={errors["text"]} set={(text) => change({ text })} />
            <Photos id="photos" ids={draft.photos} set={(photos) => change({ photos })} />
            <Sounds ids={draft.sounds} set={(sounds) => change({ sounds })} />
            {plan && plan.together.length > 0 && (
              <Together plan={plan} roles={draft.together} set={(together) => change({ together })} />
            )}
          </>
        )}
        <OpenHere area={draft.area_code} />
      </main>
      <Bar>
        <button class="btn btn--primary btn--wide" type="button" onClick={() => void finish(found ? "found" : "nothing")}>
          <Icon name="check" />
          {found ? t("finish_found", { n: found }) : free || draft.text || help ? t("finish") : t("all_well")}
        </button>
        {athome && !found && (
          <button class="btn btn--wide" type="button" onClick={() => void finish("nobody")}>
            {t("nobody_home")}
          </button>
        )}
      </Bar>
    </>
  );
}

function problemsOf(draft: Draft, free: boolean): Record<string, string> {
  const wrong: Record<string, string> = {};
  if (free && !draft.area_code) wrong["where"] = t("where_wrong");
  const said = draft.text.trim() || draft.photos.length || draft.sounds.length || draft.findings.length;
  if (free && !said) wrong["text"] = t("need_text");
  for (const finding of draft.findings) {
    if (finding.text.trim().length < 2) wrong[`text-${finding.id}`] = t("need_text");
  }
  return wrong;
}

function About({ plan, draft }: { plan: Plan; draft: Draft }): JSX.Element {
  const target = state.day?.targets.find((one) => one.target === draft.target);
  const standing = target?.standings.find((one) => one.round === plan.round && one.method_key === plan.method_key && one.level === draft.level);
  const word = standing ? (standing.state === "due" && standing.never ? "never" : standing.state) : "due";
  return (
    <div class="f-about">
      <p>
        {plan.title} · {t(word)}
        {standing?.last_at && ` · ${t("last_visit", { at: moment(standing.last_at) })}`}
      </p>
      {plan.note && <p class="muted">{plan.note}</p>}
    </div>
  );
}

function Checklist({ plan, draft, change }: { plan: Plan; draft: Draft; change: Change }): JSX.Element | null {
  if (plan.checklist.length === 0) return null;
  const marks = ["ok", "bad", "na"].map((key) => ({ key, title: t(key === "ok" ? "check_ok" : key === "bad" ? "check_bad" : "check_na") }));
  const mark = (item: CheckItem, value: string): void => {
    const checklist = { ...draft.checklist, [item.key]: value };
    const has = draft.findings.some((finding) => finding.item === item.key);
    // Ticking "problem" opens its finding; taking the tick back drops a finding in which nothing was written.
    const findings =
      value === "bad" && !has
        ? [...draft.findings, freshFinding(item.key, { method_key: item.method_key, category: item.category, urgency: item.urgency })]
        : draft.findings.filter((one) => value === "bad" || one.item !== item.key || one.text.trim() || one.photos.length > 0);
    change({ checklist, findings });
  };
  return (
    <section class="f-checks" aria-labelledby="checks">
      <h2 id="checks">{t("check")}</h2>
      {plan.checklist.map((item) => (
        <Pick key={item.key} name={`check-${item.key}`} legend={item.title} value={draft.checklist[item.key] ?? ""} options={marks} set={(value) => mark(item, value)} />
      ))}
    </section>
  );
}

interface FindingsProps {
  draft: Draft;
  change: Change;
  errors: Record<string, string>;
  plan: Plan | undefined;
}

function Findings({ draft, change, errors, plan }: FindingsProps): JSX.Element {
  const put = (id: string, part: Partial<FindingDraft>): void =>
    change((now) => ({ findings: now.findings.map((one) => (one.id === id ? { ...one, ...part } : one)) }));
  const drop = (finding: FindingDraft): void => {
    const { [finding.item]: _gone, ...checklist } = draft.checklist;
    change({ findings: draft.findings.filter((one) => one.id !== finding.id), checklist });
  };
  const titles = new Map(plan?.checklist.map((item) => [item.key, item.title]));
  return (
    <section class="f-findings" aria-label={t("finding")}>
      {draft.findings.map((finding, n) => (
        <FindingForm key={finding.id} n={n + 1} finding={finding} area={draft.area_code} title={titles.get(finding.item) ?? ""}
          put={(part) => put(finding.id, part)} drop={() => drop(finding)} error={errors[`text-${finding.id}`]} />
      ))}
      <button class="btn btn--wide" type="button" onClick={() => change({ findings: [...draft.findings, freshFinding("", {})] })}>
        <Icon name="warn" />
        {t("finding_add")}
      </button>
    </section>
  );
}

function OpenHere({ area }: { area: string }): JSX.Element | null {
  const matters = area ? mattersAt(area) : [];
  if (matters.length === 0) return null;
  return (
    <section aria-labelledby="open-here">
      <h2 id="open-here">{t("open_here")}</h2>
      <ul class="f-rows">
        {matters.map((matter) => (
          <li key={matter.matter_id}>
            <a class="f-rows__place" href={`#/matter/${matter.matter_id}`}>
              <span class="f-rows__name">{matter.title}</span>
              <span class="f-rows__state">
                {matter.step_title} <span aria-hidden="true">→</span>
              </span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
