/** What can be recorded beside the rounds: a visit of one's own accord, a matter for somebody. */
import type { JSX } from "preact";
import { put } from "../queue";
import type { Draft } from "../shapes";
import { t } from "../words";
import { useDraft } from "./draft";
import { FinishButton, useFinish, type Errors } from "./finish";
import { formOf } from "./finding";
import { Photos } from "./media";
import { Bar, go, Head, Pick, Select, Text, useFieldState } from "./parts";
import { say } from "./snack";
import { usualPlace, Where } from "./where";

export function New(): JSX.Element {
  const drafts = useFieldState().drafts;
  return (
    <>
      <main class="f-page">
        <Head title={t("add_title")} back="/" />
        <ul class="f-cards">
          <li>
            <a href="#/visit">
              <span class="f-cards__title">{t("add_visit")}</span>
              <span class="muted">{t("add_visit_hint")}</span>
            </a>
          </li>
          <li>
            <a href="#/record">
              <span class="f-cards__title">{t("add_record")}</span>
              <span class="muted">{t("add_record_hint")}</span>
            </a>
          </li>
          {drafts.length > 0 && (
            <li>
              <a href="#/drafts">
                <span class="f-cards__title">{t("drafts_n", { n: drafts.length })}</span>
              </a>
            </li>
          )}
        </ul>
      </main>
      <Bar />
    </>
  );
}

const CHANNELS = ["visit", "phone", "patrol", "parlour", "paper"] as const;

export function RecordForm({ id }: { id: string }): JSX.Element | null {
  const held = useDraft("record", "", id, usualPlace());
  const finishing = useFinish(held);
  if (!held) return null;
  const { draft, change, hand } = held;
  const { errors } = finishing;
  const form = formOf("");
  const check = (now: Draft): Errors => ({
    ...(now.area_code ? {} : { where: t("where_wrong") }),
    ...(now.text.trim().length < 2 ? { text: t("need_text") } : {}),
  });
  const finish = (): Promise<void> =>
    finishing.finish(check, async (now) => {
      const done = await put(now);
      say(t("recorded", { what: now.name }), done);
      go("/");
    });
  return (
    <>
      <main class="f-page">
        <Head title={t("record_title")} back="/new" />
        <Where draft={draft} change={change} error={errors["where"]} />
        <Text id="text" long max={2000} label={t("record_text")} value={draft.text} error={errors["text"]} set={(text) => change({ text })} />
        <Pick name="channel" legend={t("record_how")} value={draft.channel} set={(channel) => change({ channel })}
          options={CHANNELS.map((key) => ({ key, title: t(`ch_${key}`) }))} />
        {form && form.categories.length > 0 && (
          <Select id="category" label={t("category") + t("optional")} value={draft.category} options={form.categories} set={(category) => change({ category })} />
        )}
        {form && form.urgencies.length > 0 && (
          <Select id="urgency" label={t("urgency") + t("optional")} value={draft.urgency} options={form.urgencies} set={(urgency) => change({ urgency })} />
        )}
        <Photos id="photos" hand={hand} ids={draft.photos} tag={draft.channel === "paper" ? "paper" : "scene"} put={(how) => change((now) => ({ photos: how(now.photos) }))} />
        <Text id="reporter" label={t("reporter")} value={draft.reporter_name} max={40} set={(reporter_name) => change({ reporter_name })} />
        <Text id="phone" type="tel" label={t("phone")} hint={t("phone_hint")} value={draft.phone} max={20} set={(phone) => change({ phone })} />
      </main>
      <Bar wrong={finishing.failed}>
        <FinishButton label={t("record_do")} held={held} finishing={finishing} act={() => void finish()} />
      </Bar>
    </>
  );
}
