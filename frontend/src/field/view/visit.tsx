/** One visit: look, tick, note, finish. To a place on a round, to a paired household, or of one's own accord. */
import type { JSX } from "preact";
import { moment } from "../dates";
import { dropFiles, freshFinding } from "../drafts";
import { put, visitOf, wontCount } from "../queue";
import type { CheckItem, DayPairing, Draft, FindingDraft, Plan } from "../shapes";
import { coveredHere, coverKey, mattersAt, pairingKey, rhythmOf, stands, state } from "../state";
import { t } from "../words";
import { useDraft, type Change, type Held } from "./draft";
import { FindingForm, usualMethod, type FindingPart } from "./finding";
import { FinishButton, useFinish } from "./finish";
import { Photos, Sounds } from "./media";
import { Bar, Empty, go, Head, Icon, Pick, Select, Text, useFieldState } from "./parts";
import { say } from "./snack";
import { standsAs, whyNot } from "./standing";
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
    name: householdOf(pairing), method_key: pairing.method_key,
    pairing_id: pairing.pairing_id,
  };
  return <VisitForm key={id} draftKey={`pairing|${id}`} given={given} help={pairing.help} />;
}

/** A household as it is shown; without its name where the day is too old to hold it. */
export function householdOf(pairing: DayPairing): string {
  if (!pairing.masked_name) return `${pairing.area_name} · ${t("household_hidden")}`;
  return `${pairing.area_name} ${pairing.place_name} · ${pairing.masked_name}`;
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
  const held = useDraft("visit", draftKey, id, given);
  const finishing = useFinish(held);
  if (!held) return null;
  const { draft, change, hand } = held;
  const { errors } = finishing;
  const free = !draft.round && !draft.pairing_id;
  const sent = state.items.some((item) => item.id === draft.id && item.state === "sent");
  const athome = Boolean(help) || state.day?.targets.find((one) => one.target === draft.target)?.kind === "household";

  const finish = (result: "said" | "nobody"): Promise<void> =>
    finishing.finish(
      (now) => problemsOf(now, free),
      async (now) => {
        const came = result === "nobody" ? result : now.findings.length > 0 ? "found" : "nothing";
        const why = free ? "" : wontCount(now, came);
        const done = await put(now, came);
        const well = came === "nothing" && !free && !why;
        const said = well ? t("recorded_ok", { place: now.name }) : t("recorded", { what: now.name });
        say(why ? `${said} · ${t("went_why", { why: whyNot(why) })}` : said, done);
        go("/");
      },
    );
  const found = draft.findings.length;
  const why = free ? "" : wontCount(draft, "nothing");
  return (
    <>
      <main class="f-page">
        <Head title={free ? t("add_visit") : draft.name} back="/" />
        {!free && <About plan={plan} draft={draft} />}
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
        <Findings held={held} errors={errors} plan={plan} />
        {!sent && (
          <>
            {free && <Text id="title-field" label={t("title")} value={draft.title} max={60} set={(title) => change({ title })} />}
            <Text id="text" long max={2000} label={t(free ? "note_diary" : help ? "note_help" : "note")} value={draft.text}
              error={errors["text"]} set={(text) => change({ text })} />
            <Photos id="photos" hand={hand} ids={draft.photos} put={(how) => change((now) => ({ photos: how(now.photos) }))} />
            <Sounds hand={hand} ids={draft.sounds} put={(how) => change((now) => ({ sounds: how(now.sounds) }))} />
            {plan && plan.together.length > 0 && (
              <Together plan={plan} roles={draft.together} set={(together) => change({ together })} />
            )}
          </>
        )}
        {why && !sent && <p class="notice">{t("wont_count", { why: whyNot(why) })}</p>}
        <OpenHere area={draft.area_code} />
      </main>
      <Bar wrong={finishing.failed}>
        <FinishButton held={held} finishing={finishing} act={() => void finish("said")}
          label={found ? t("finish_found", { n: found }) : free || draft.text || help || why || hand.jobs.size > 0 ? t("finish") : t("all_well")} />
        {athome && !found && (
          <button class="btn btn--wide" type="button" disabled={finishing.busy} onClick={() => void finish("nobody")}>
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

function About({ plan, draft }: { plan: Plan | undefined; draft: Draft }): JSX.Element | null {
  const pairing = state.day?.pairings.find((one) => one.pairing_id === draft.pairing_id);
  const target = state.day?.targets.find((one) => one.target === draft.target);
  const gone = target?.standings.find((one) => one.round === draft.round && one.method_key === draft.method_key && one.level === draft.level);
  const standing = pairing ? rhythmOf(pairing) : gone;
  if (!standing || (!plan && !pairing)) return null;
  const key = pairing ? pairingKey(pairing.pairing_id) : coverKey(draft.target, draft.method_key, draft.round, draft.level);
  const mine = coveredHere(key, standing.since);
  const last = pairing ? pairing.last_visit_at : gone?.last_at;
  return (
    <div class="f-about">
      <p>
        {plan?.title ?? pairing?.title} · {standsAs(stands(standing, mine), mine)}
        {last && ` · ${t("last_visit", { at: moment(last) })}`}
        {standing.state === "due" && standing.until && !mine && ` · ${t("until", { at: moment(standing.until) })}`}
      </p>
      {plan?.note && <p class="muted">{plan.note}</p>}
    </div>
  );
}

function Checklist({ plan, draft, change }: { plan: Plan; draft: Draft; change: Change }): JSX.Element | null {
  if (plan.checklist.length === 0) return null;
  const marks = ["ok", "bad", "na"].map((key) => ({ key, title: t(key === "ok" ? "check_ok" : key === "bad" ? "check_bad" : "check_na") }));
  const mark = (item: CheckItem, value: string): void =>
    change((now) => {
      const checklist = { ...now.checklist, [item.key]: value };
      const has = now.findings.some((finding) => finding.item === item.key);
      // Ticking "problem" opens its finding; taking the tick back drops a finding in which nothing was written.
      const findings =
        value === "bad" && !has
          ? [...now.findings, freshFinding(item.key, { method_key: item.method_key, category: item.category, urgency: item.urgency })]
          : now.findings.filter((one) => value === "bad" || one.item !== item.key || one.text.trim() || one.photos.length > 0);
      return { checklist, findings };
    });
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
  held: Held;
  errors: Record<string, string>;
  plan: Plan | undefined;
}

function Findings({ held, errors, plan }: FindingsProps): JSX.Element {
  const { hand, draft, change } = held;
  const put = (id: string, part: FindingPart): void =>
    change((now) => ({
      findings: now.findings.map((one) => (one.id === id ? { ...one, ...(typeof part === "function" ? part(one) : part) } : one)),
    }));
  const drop = (finding: FindingDraft): void => {
    change((now) => {
      const { [finding.item]: _gone, ...checklist } = now.checklist;
      return { findings: now.findings.filter((one) => one.id !== finding.id), checklist };
    });
    void dropFiles(finding.photos);
  };
  const titles = new Map(plan?.checklist.map((item) => [item.key, item.title]));
  return (
    <section class="f-findings" aria-label={t("finding")}>
      {draft.findings.map((finding, n) => (
        <FindingForm key={finding.id} hand={hand} n={n + 1} finding={finding} area={draft.area_code} title={titles.get(finding.item) ?? ""}
          put={(part) => put(finding.id, part)} drop={() => drop(finding)} error={errors[`text-${finding.id}`]} />
      ))}
      <button class="btn btn--wide" type="button" onClick={() => change((now) => ({ findings: [...now.findings, freshFinding("", { method_key: usualMethod() })] }))}>
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
