"use client";
import { type ReactNode, type RefObject, useEffect, useState } from "react";
import type { Theirs } from "#lib/gates/action";
import { Conflict } from "./conflict";
import { type Difference, differingFields, put } from "./differences";

type Props = {
  theirs: Theirs;
  form: RefObject<HTMLFormElement | null>;
  /** What the form came with. */
  start: RefObject<Record<string, string> | null>;
  pending: boolean;
  children: ReactNode;
};

/** Sends the form again with what was chosen of both versions; `children` is what can be said without scripts. */
export default function Merge({ theirs, form, start, pending, children }: Props) {
  const [differences, compare] = useState<Difference[]>();
  useEffect(() => {
    if (form.current) compare(differingFields(form.current, theirs.values, start.current ?? {}));
  }, [form, start, theirs]);
  const keep = (taken: Difference[]) => {
    if (!form.current) return;
    for (const { key, theirs } of taken) put(form.current, key, theirs.value);
    put(form.current, "version", theirs.version);
    form.current.requestSubmit();
  };
  if (!differences) return children;
  return <Conflict {...{ theirs, differences, pending }} onKeep={keep} />;
}
