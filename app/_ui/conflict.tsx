"use client";
import { useFormatter, useTranslations } from "next-intl";
import { useId, useState } from "react";
import type { Theirs } from "#lib/gates/action";
import { Button } from "./button";
import type { Difference } from "./differences";

type Choice = "mine" | "theirs";

type Props = {
  theirs: Theirs;
  differences: readonly Difference[];
  pending?: boolean;
  /** The differences for which the other version was chosen. */
  onKeep: (taken: Difference[]) => void;
};

/** Two people wrote: both versions, field by field where they differ; nothing is lost until somebody chose. */
export function Conflict({ theirs, differences, pending, onKeep }: Props) {
  const t = useTranslations("ui.conflict");
  const format = useFormatter();
  const [choices, choose] = useState<Record<string, Choice>>(() =>
    Object.fromEntries(differences.map(({ key, changedByMe }) => [key, changedByMe ? "mine" : "theirs"])),
  );
  const all = (choice: Choice) => choose(Object.fromEntries(differences.map(({ key }) => [key, choice])));
  const who = theirs.by ?? t("someone");
  const at = format.dateTime(new Date(theirs.at), { dateStyle: "medium", timeStyle: "short" });
  return (
    <div
      role="alert"
      // Choosing here is not writing in the form around.
      onInput={(event) => event.stopPropagation()}
      className="flex flex-col gap-4 rounded-card border border-warn bg-surface p-4"
    >
      <div>
        <p className="font-semibold">{t("title", { who, at })}</p>
        <p className="text-sm text-soft">{t("text", { count: differences.length })}</p>
      </div>
      {differences.length > 1 && (
        <div className="flex flex-wrap gap-2">
          <Button size="sm" onClick={() => all("mine")}>
            {t("allMine")}
          </Button>
          <Button size="sm" onClick={() => all("theirs")}>
            {t("allTheirs")}
          </Button>
        </div>
      )}
      {differences.map((difference) => (
        <Versions
          key={difference.key}
          difference={difference}
          choice={choices[difference.key] ?? "mine"}
          onChoose={(choice) => choose({ ...choices, [difference.key]: choice })}
        />
      ))}
      <div>
        <Button
          variant="primary"
          pending={pending}
          onClick={() => onKeep(differences.filter(({ key }) => choices[key] === "theirs"))}
        >
          {t("keep")}
        </Button>
      </div>
    </div>
  );
}

type VersionsProps = { difference: Difference; choice: Choice; onChoose: (choice: Choice) => void };

function Versions({ difference, choice, onChoose }: VersionsProps) {
  const t = useTranslations("ui.conflict");
  const name = useId();
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1.5 text-sm font-medium">{difference.label}</legend>
      <div className="grid gap-2 sm:grid-cols-2">
        {(["mine", "theirs"] as const).map((one) => (
          <label
            key={one}
            className="flex min-w-0 items-start gap-2.5 rounded-field border border-line p-3 hover:border-edge has-checked:border-brand-text has-checked:bg-brand-soft"
          >
            <input
              type="radio"
              // Not a field of the form around.
              form={`${name}-none`}
              name={name}
              checked={choice === one}
              onChange={() => onChoose(one)}
              className="mt-0.5 size-[1.125rem] shrink-0 accent-(--brand)"
            />
            <span className="min-w-0">
              <span className="block text-[0.8125rem] text-faint">{t(one)}</span>
              <span className="line-clamp-6 [overflow-wrap:anywhere] whitespace-pre-wrap">
                {difference[one].shown || t("nothing")}
              </span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
