"use client";
import { useTranslations } from "next-intl";
import { useState, useSyncExternalStore } from "react";
import type { PledgeState } from "#lib/tax/pledges/rules";
import { askedChannels } from "#lib/tax/pledges/words";
import { Form, FormActions, SubmitButton } from "#ui/form";
import { Select } from "#ui/select";
import { TextField } from "#ui/text-field";
import { move } from "./actions";

const never = () => () => {};

type Props = {
  pledge: { id: number; version: number; share: number | null };
  to: PledgeState | null;
  targets: readonly PledgeState[];
  onMoved?: (to: PledgeState, version?: number) => void;
};

/** Where a pledge goes, and what must be said there: a share or euros, a reason. Before hydration every field is there. */
export function MoveForm({ pledge, to, targets, onMoved }: Props) {
  const t = useTranslations("pledges.move");
  const c = useTranslations("pledges.channels");
  const s = useTranslations("pledges.states");
  const [chosen, choose] = useState<PledgeState | "">(to ?? "");
  const hydrated = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  const promise = !hydrated || chosen === "pledged" || chosen === "allocated";
  if (targets.length === 0) return <p className="text-soft">{t("nowhere")}</p>;
  return (
    <Form
      action={move}
      namespace="pledges"
      done={onMoved ? undefined : t("done")}
      onDone={(state) => {
        if (!state?.ok || chosen === "") return;
        onMoved?.(chosen, (state.data as { version: number }).version);
      }}
    >
      <input type="hidden" name="id" value={pledge.id} />
      <input type="hidden" name="version" value={pledge.version} />
      <Select
        name="to"
        label={t("to")}
        hint={t("receivedHint")}
        placeholder={t("choose")}
        defaultValue={chosen}
        onChange={(event) => choose(event.target.value as PledgeState)}
        options={targets.map((state) => ({ value: state, label: s(state) }))}
        required
      />
      {promise && (
        <>
          <TextField
            name="share"
            label={t("share")}
            hint={t("shareHint")}
            defaultValue={pledge.share === null ? "" : String(pledge.share / 100).replace(".", ",")}
            inputMode="decimal"
            autoComplete="off"
          />
          <TextField name="expected" label={t("expected")} inputMode="decimal" autoComplete="off" />
          <Select
            name="channel"
            label={t("channel")}
            placeholder={c("none")}
            options={askedChannels.map((value) => ({ value, label: c(value) }))}
          />
        </>
      )}
      {(!hydrated || chosen === "allocated") && (
        <TextField name="allocatedOn" type="date" label={t("allocatedOn")} />
      )}
      {(!hydrated || chosen === "refused") && (
        <TextField name="why" label={t("why")} hint={t("whyHint")} autoComplete="off" />
      )}
      <FormActions>
        <SubmitButton>{t("submit")}</SubmitButton>
      </FormActions>
    </Form>
  );
}
