"use client";
import { type ReactNode, startTransition, useActionState } from "react";
import type { ActionState } from "#lib/gates/action";
import { Button } from "./button";
import type { FormAction } from "./form";

type Props = {
  action: FormAction;
  fields: Record<string, string | number>;
  icon: ReactNode;
  label: string;
  /** The answer in words. */
  children: (answer: NonNullable<ActionState>) => ReactNode;
};

/** A button that has something looked up, and under it what was found; nothing is changed by it. */
export function Check({ action, fields, icon, label, children }: Props) {
  const [answer, run, pending] = useActionState(action, null);
  return (
    <form
      action={run}
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        startTransition(() => run(form));
      }}
      className="flex flex-col items-start gap-4"
    >
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <Button type="submit" pending={pending} icon={icon}>
        {label}
      </Button>
      {!pending && answer && children(answer)}
    </form>
  );
}
