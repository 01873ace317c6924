/** Today: what waits for me, and the rounds in the order one walks them. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { moment } from "../dates";
import { allWell } from "../queue";
import type { DayPairing, Plan } from "../shapes";
import { coveredHere, isDone, pairingKey, rhythmOf, rowsOf, stands, type Row } from "../state";
import { companions, lacks } from "../together";
import { t } from "../words";
import { Bar, Empty, Head, Icon, useFieldState } from "./parts";
import { say } from "./snack";
import { standsAs } from "./standing";
import { Together } from "./together";
import { householdOf } from "./visit";

const HOUR = 3600000;

export function Today(): JSX.Element {
  const now = useFieldState();
  const day = now.day;
  return (
    <>
      <main class="f-page">
        <Head title={t("today_of", { name: now.person?.name ?? "" })}>
          <a class="f-head__me" href="#/me">
            <Icon name="person" />
            {t("me")}
          </a>
        </Head>
        <Notices />
        {day && <Standing />}
        {day?.plans.map((plan) => plan.levels.map((level) => <Round key={`${now.person?.id}|${plan.method_key}|${plan.round}|${level}`} plan={plan} level={level} />))}
        {Boolean(day?.more_targets) && <p class="muted">{t("more_targets", { n: day!.more_targets! })}</p>}
        {day && day.plans.length === 0 && <Empty title="empty_today" hint="empty_hint" />}
        <Pairings />
        {now.drafts.length > 0 && (
          <p>
            <a class="f-line" href="#/drafts">
              <Icon name="edit" />
              {t("drafts_n", { n: now.drafts.length })}
            </a>
          </p>
        )}
      </main>
      <Bar>
        {!now.noTask && (
          <a class="btn btn--primary btn--wide" href="#/new">
            <Icon name="plus" />
            {t("add")}
          </a>
        )}
      </Bar>
    </>
  );
}

/** What stands in the way, told once and in words. */
export function Notices(): JSX.Element | null {
  const now = useFieldState();
  const next = "/account/login/?next=/field/";
  return (
    <>
      {now.noStorage && <p class="notice notice--wrong">{t("no_storage")}</p>}
      {now.signedOut && (
        <div class="notice notice--wrong" role="status">
          <p>{t(now.person ? "sign_in_again" : "signed_out")}</p>
          <a class="btn btn--primary" href={next}>
            {t("sign_in")}
          </a>
        </div>
      )}
      {now.noTask && (
        <div class="notice" role="status">
          <p>{t("add_none")}</p>
          <a class="btn" href="/desk/">
            {t("desk")}
          </a>
        </div>
      )}
      {now.others > 0 && <p class="notice">{t("other_kept", { n: now.others })}</p>}
    </>
  );
}

function Standing(): JSX.Element {
  const matters = useFieldState().day?.matters ?? [];
  const mine = matters.filter((matter) => matter.acts.some((act) => act.must));
  const soon = mine.filter((matter) => matter.card || (matter.due_at && Date.parse(matter.due_at) - Date.now() < 24 * HOUR));
  return (
    <a class="f-standing" href="#/matters">
      <span>
        <span aria-hidden="true">● </span>
        {mine.length ? t("to_do", { n: mine.length }) : t("none_to_do")}
      </span>
      {soon.length > 0 && (
        <span>
          <span aria-hidden="true">◷ </span>
          {t("soon", { n: soon.length })}
        </span>
      )}
      <span class="f-standing__all">
        {t("open_all")} {matters.length} <span aria-hidden="true">→</span>
      </span>
    </a>
  );
}

function Round({ plan, level }: { plan: Plan; level: number }): JSX.Element | null {
  useFieldState();
  const [every, setEvery] = useState(true);
  const [along, setAlong] = useState(companions(plan));
  const rows = rowsOf(plan, level);
  if (rows.length === 0) return null;
  const done = rows.filter(isDone).length;
  const shown = every ? rows : rows.filter((row) => !isDone(row));
  const unit = t(rows.every((row) => /[楼栋幢]$/.test(row.target.name)) ? "unit_buildings" : "unit_places");
  const alone = lacks(plan, along);
  const id = `round-${plan.round}-${level}`;
  return (
    <section class="f-round" aria-labelledby={id}>
      <h2 id={id}>
        <span>
          {plan.title}
          {plan.levels.length > 1 && <small> · {t("level", { n: level })}</small>}
          {plan.stands_in && <small> · {t("stands_in")}</small>}
        </span>{" "}
        <span class="f-round__count">{t("round_count", { done, all: rows.length, unit })}</span>
      </h2>
      <progress class="f-progress" max={rows.length} value={done} aria-label={plan.title} />
      {plan.together.length > 0 && done < rows.length && <Together plan={plan} roles={along} set={setAlong} />}
      {alone && done < rows.length && <p class="muted small">{t("together_first")}</p>}
      {done === rows.length && <p class="muted">{t("rest_done")}</p>}
      <ul class="f-rows">
        {shown.map((row) => (
          <PlaceRow key={row.target.target} plan={plan} level={level} row={row} alone={alone} />
        ))}
      </ul>
      {done > 0 && done < rows.length && rows.length > 8 && (
        <button class="btn btn--quiet" type="button" aria-pressed={!every} onClick={() => setEvery(!every)}>
          {t(every ? "only_due" : "show_all")}
        </button>
      )}
    </section>
  );
}

function PlaceRow({ plan, level, row, alone }: { plan: Plan; level: number; row: Row; alone: boolean }): JSX.Element {
  const { target } = row;
  const finished = isDone(row);
  const [busy, setBusy] = useState(false);
  const well = async (): Promise<void> => {
    setBusy(true);
    try {
      const done = await allWell(plan, target, level);
      say(done.label, done);
    } catch {
      say(t("store_full"));
    } finally {
      setBusy(false);
    }
  };
  const place = encodeURIComponent(target.target);
  const shown = target.kind === "area" || target.area_name === target.name ? target.name : `${target.area_name} ${target.name}`;
  return (
    <li class={finished ? "is-done" : ""}>
      <a class="f-rows__place" href={`#/place/${place}/${plan.method_key}/${plan.round}/${level}`}>
        <span class="f-rows__name">{shown}</span>
        <span class="f-rows__state">
          {standsAs(row.state, row.mine)} <span aria-hidden="true">{row.state === "done" ? "✓" : "→"}</span>
        </span>
      </a>
      {!alone && (row.state === "due" || row.state === "never") && (
        <button class="f-rows__well" type="button" disabled={busy} onClick={() => void well()} aria-label={t("quick_ok_at", { place: shown })}>
          <span aria-hidden="true">✓</span> {t("quick_ok")}
        </button>
      )}
    </li>
  );
}

function Pairings(): JSX.Element | null {
  const pairings = useFieldState().day?.pairings ?? [];
  if (pairings.length === 0) return null;
  return (
    <section class="f-round" aria-labelledby="pairings">
      <h2 id="pairings">{t("pairings")}</h2>
      <ul class="f-rows">
        {pairings.map((pairing) => (
          <PairingRow key={pairing.pairing_id} pairing={pairing} />
        ))}
      </ul>
    </section>
  );
}

/** A household: where it stands by its rhythm, else when somebody went there last. */
function PairingRow({ pairing }: { pairing: DayPairing }): JSX.Element {
  const last = pairing.last_visit_at;
  const standing = rhythmOf(pairing);
  const mine = coveredHere(pairingKey(pairing.pairing_id), standing?.since ?? null);
  const state = standing ? stands(standing, mine) : mine ? (mine.uncounted ? "went" : "done") : null;
  const words = [state ? standsAs(state, mine) : last ? "" : t("never"), last && state !== "done" ? t("last_visit", { at: moment(last) }) : ""];
  return (
    <li class={state === "done" ? "is-done" : ""}>
      <a class="f-rows__place" href={`#/pairing/${pairing.pairing_id}`}>
        <span class="f-rows__name">{householdOf(pairing)}</span>
        <span class="f-rows__state">
          {words.filter(Boolean).join(" · ")} <span aria-hidden="true">{state === "done" ? "✓" : "→"}</span>
        </span>
      </a>
    </li>
  );
}
