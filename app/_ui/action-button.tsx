"use client";
import { type SubmitEvent, useActionState, useEffect, useRef, useState, useTransition } from "react";
import type { ActionState } from "#lib/gates/action";
import { Alert } from "./alert";
import { Button, type ButtonProps } from "./button";
import { useFocusAfter } from "./focus";
import { type FormAction, SignInElsewhere } from "./form";
import { useReason } from "./form-context";
import { useTakeBack } from "./take-back";
import { useToast } from "./toast";

type Props = Omit<ButtonProps, "type" | "form" | "action"> & {
  action: FormAction;
  fields?: Record<string, string | number>;
  namespace?: string;
  done?: string;
  /** Takes it back, with the fields that the answer gives (`data.undo`): a button beside `done`. */
  undo?: FormAction;
  "data-act"?: string;
};

/** One button that acts at once: a form with hidden inputs. For anything that hurts, use ConfirmDialog. */
export function ActionButton({
  action,
  fields = {},
  namespace,
  done,
  undo,
  variant = "secondary",
  ...button
}: Props) {
  const [posted, dispatch] = useActionState(action, null);
  const [answer, setAnswer] = useState<ActionState>(null);
  const [pending, start] = useTransition();
  const toast = useToast();
  const takeBack = useTakeBack(undo);
  const whole = useRef<HTMLFormElement>(null);
  useFocusAfter(whole);
  // Called rather than dispatched: what acts on a row often takes the row, and this button with it, off the screen.
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (pending) return;
    const form = new FormData(event.currentTarget, event.nativeEvent.submitter);
    start(async () => {
      const given = await action(null, form);
      setAnswer(given);
      if (given?.ok && done) toast(done, takeBack(given));
    });
  };
  return (
    <form ref={whole} action={dispatch} onSubmit={submit} className="contents">
      <Refused answer={answer ?? posted} namespace={namespace} />
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <Button {...button} type="submit" variant={variant} pending={pending} />
    </form>
  );
}

/** Beside its button, with the focus and in view: the button that was pressed may have no place left. */
function Refused({ answer, namespace }: { answer: ActionState; namespace?: string }) {
  const reason = useReason(namespace);
  const said = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (answer && !answer.ok) said.current?.focus();
  }, [answer]);
  if (!answer || answer.ok) return null;
  return (
    <div ref={said} tabIndex={-1} className="scroll-my-24 outline-none">
      <Alert
        tone="bad"
        actions={"reason" in answer && answer.reason === "signedOut" ? <SignInElsewhere /> : null}
      >
        {"reason" in answer ? reason(answer.reason, answer.params) : reason("checkFields")}
      </Alert>
    </div>
  );
}
