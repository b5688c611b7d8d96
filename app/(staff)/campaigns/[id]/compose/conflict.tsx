"use client";
import { useTranslations } from "next-intl";
import { type RefObject, useEffect, useState } from "react";
import type { Theirs } from "#lib/gates/action";
import { Conflict } from "#ui/conflict";
import { type Difference, differingFields } from "#ui/differences";
import { useReason } from "#ui/form-context";
import { save } from "../../actions";

type Props = {
  theirs: Theirs;
  /** What the form came with, or last saved. */
  start: Record<string, string>;
  form: RefObject<HTMLFormElement | null>;
  onKept: () => void;
};

/** Both versions of a letter, field by field; a block that only one of them has stands or falls whole. */
export function LetterConflict({ theirs, start, form, onKept }: Props) {
  const t = useTranslations("campaigns.compose");
  const reason = useReason("campaigns");
  const [differences, compare] = useState<Difference[]>();
  const [pending, wait] = useState(false);
  const [failed, fail] = useState(false);
  useEffect(() => {
    if (form.current)
      compare(differencesOf(form.current, theirs.values, start, (type) => t(`types.${type}` as never)));
  }, [form, theirs, start, t]);
  const keep = async (taken: Difference[]) => {
    if (!form.current) return;
    wait(true);
    const data = merged(new FormData(form.current), taken, theirs);
    const answer = await save(null, data).catch(() => null);
    wait(false);
    if (answer?.ok) onKept();
    else fail(true);
  };
  if (!differences) return null;
  return (
    <>
      <Conflict {...{ theirs, differences, pending }} onKeep={keep} />
      {failed && (
        <p role="alert" className="text-sm font-medium text-bad">
          {reason("offline")}
        </p>
      )}
    </>
  );
}

const blockOf = (name: string) => /^(block\.\w+)\./.exec(name)?.[1];

/** The letter sent with the chosen parts of the other version in place of ours. */
function merged(data: FormData, taken: Difference[], { version, values }: Theirs): FormData {
  for (const { key } of taken) {
    if (!key.startsWith("block.") || blockOf(key)) {
      data.set(key, values[key] ?? "");
      continue;
    }
    for (const name of [...data.keys()]) if (blockOf(name) === key) data.delete(name);
    for (const [name, value] of Object.entries(values)) if (blockOf(name) === key) data.set(name, value);
  }
  data.set("version", version);
  data.set("intent", "save");
  return data;
}

function differencesOf(
  form: HTMLFormElement,
  theirs: Record<string, string>,
  start: Record<string, string>,
  typeName: (type: string) => string,
): Difference[] {
  const mine = Object.fromEntries(
    [...new FormData(form)].filter((pair): pair is [string, string] => typeof pair[1] === "string"),
  );
  const blocks = new Set(
    [...Object.keys(mine), ...Object.keys(theirs)].flatMap((name) => blockOf(name) ?? []),
  );
  const whole = [...blocks].filter((block) => mine[`${block}.type`] !== theirs[`${block}.type`]);
  const fields = differingFields(form, theirs, start).filter(
    ({ key }) => !whole.includes(blockOf(key) ?? ""),
  );
  const blockVersion = (of: Record<string, string>, block: string) => ({
    value: "",
    shown: Object.entries(of)
      .filter(([name, value]) => blockOf(name) === block && value !== "" && !name.endsWith(".type"))
      .map(([, value]) => value)
      .join("\n"),
  });
  return [
    ...fields,
    ...whole.map((block) => ({
      key: block,
      label: typeName(mine[`${block}.type`] ?? theirs[`${block}.type`] ?? ""),
      mine: blockVersion(mine, block),
      theirs: blockVersion(theirs, block),
      // Neither side's block goes by itself: ours stays, theirs comes.
      changedByMe: `${block}.type` in mine,
    })),
  ];
}
