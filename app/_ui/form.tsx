"use client";
import Link from "next/link";
import {
  type ReactNode,
  type SubmitEvent,
  startTransition,
  use,
  useActionState,
  useEffect,
  useMemo,
  useRef,
} from "react";
import type { ActionState } from "#lib/action";
import { Alert } from "./alert";
import { Button, type ButtonProps } from "./button";
import { cx } from "./class";
import { useCloseDialog } from "./dialog-context";
import { FormContext, useReason } from "./form-context";
import { useToast } from "./toast";

export type FormAction = (previous: ActionState, form: FormData) => Promise<ActionState>;

type Props = {
  action: FormAction;
  /** Catalog namespace where refusal reasons are looked up first: `<namespace>.errors.<reason>`. */
  namespace?: string;
  /** Sentence said in a toast, and shown in the form before hydration, when the action succeeds. */
  done?: string;
  /** Empties the fields after success. */
  resets?: boolean;
  onDone?: (state: ActionState) => void;
  id?: string;
  className?: string;
  "aria-label"?: string;
  children: ReactNode;
};

const none = {};

/** Posts to a server action: field errors at the field, a refusal in an alert. Works before hydration. */
export function Form({ action, namespace, done, resets, onDone, className, children, ...rest }: Props) {
  const [state, dispatch, pending] = useActionState(action, null);
  const element = useRef<HTMLFormElement>(null);
  useAnswer(state, element, { done, resets, onDone });

  // Dispatching ourselves keeps what was typed: React empties a form after `action` even when it was refused.
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (pending) return;
    const form = new FormData(event.currentTarget, event.nativeEvent.submitter);
    startTransition(() => dispatch(form));
  };

  const fields = state && !state.ok && "fields" in state ? state.fields : none;
  const values = (state && !state.ok && state.values) || none;
  const context = useMemo(
    () => ({ namespace, fields, values, pending }),
    [namespace, fields, values, pending],
  );
  return (
    <FormContext value={context}>
      <form
        {...rest}
        ref={element}
        action={dispatch}
        onSubmit={submit}
        noValidate
        aria-busy={pending || undefined}
        className={cx("flex flex-col gap-5", className)}
      >
        <Answer state={state} namespace={namespace} done={done} />
        {children}
      </form>
    </FormContext>
  );
}

function Answer({ state, namespace, done }: { state: ActionState; namespace?: string; done?: string }) {
  const reason = useReason(namespace);
  if (!state) return null;
  if (state.ok)
    return done ? (
      <noscript>
        <p role="status" className="font-medium text-good">
          {done}
        </p>
      </noscript>
    ) : null;
  if ("reason" in state)
    return (
      <Alert tone="bad" actions={<Whose params={state.params} />}>
        {reason(state.reason, state.params)}
      </Alert>
    );
  const [first] = Object.values(state.fields);
  return (
    <Alert tone="bad">
      {reason("checkFields")}
      {"" in state.fields && first ? ` ${reason(first)}` : ""}
    </Alert>
  );
}

/** A refusal because of somebody else's record leads to it. */
function Whose({ params }: { params?: Record<string, string | number> }) {
  if (!params?.href) return null;
  return (
    <Link href={String(params.href)} className="font-medium underline underline-offset-3">
      {params.label}
    </Link>
  );
}

type Answered = Pick<Props, "done" | "resets" | "onDone">;

/** After an answer: the first faulty field gets the focus, or the success is said and the dialog closed. */
function useAnswer(state: ActionState, element: React.RefObject<HTMLFormElement | null>, after: Answered) {
  const toast = useToast();
  const close = useCloseDialog();
  const latest = useRef({ ...after, toast, close });
  latest.current = { ...after, toast, close };
  useEffect(() => {
    if (!state) return;
    const { done, resets, onDone, toast, close } = latest.current;
    if (!state.ok) {
      element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
      return;
    }
    if (done) toast(done);
    if (resets) element.current?.reset();
    close?.();
    onDone?.(state);
  }, [state, element]);
}

/** The button that sends the form; several may carry `name` and `value`. */
export function SubmitButton({ variant = "primary", ...rest }: ButtonProps) {
  const { pending } = use(FormContext);
  return <Button {...rest} type="submit" variant={variant} pending={pending} />;
}

/** The row at the bottom of a form. */
export function FormActions({ children, className }: { children: ReactNode; className?: string }) {
  return <div className={cx("flex flex-wrap items-center gap-3 pt-1", className)}>{children}</div>;
}
