"use client";
import Link from "next/link";
import { unstable_rethrow } from "next/navigation";
import { useTranslations } from "next-intl";
import {
  lazy,
  type ReactNode,
  type RefObject,
  type SubmitEvent,
  Suspense,
  startTransition,
  use,
  useActionState,
  useEffect,
  useMemo,
  useRef,
  useState,
  useTransition,
} from "react";
import type { ActionState } from "#lib/gates/action";
import { Alert } from "./alert";
import { Button, type ButtonProps } from "./button";
import { cx } from "./class";
import { useCloseDialog } from "./dialog-context";
import { FormContext, useReason } from "./form-context";
import { useGuarded } from "./form-state";
import { useTakeBack } from "./take-back";
import { useToast } from "./toast";

export type FormAction = (previous: ActionState, form: FormData) => Promise<ActionState>;

type Props = {
  action: FormAction;
  /** Catalog namespace where refusal reasons are looked up first: `<namespace>.errors.<reason>`. */
  namespace?: string;
  /** Sentence said in a toast, and shown in the form before hydration, when the action succeeds. */
  done?: string;
  /** Takes it back, with the fields that the answer gives (`data.undo`): a button beside `done`. */
  undo?: FormAction;
  /** Empties the fields after success. */
  resets?: boolean;
  onDone?: (state: ActionState) => void;
  id?: string;
  className?: string;
  "aria-label"?: string;
  children: ReactNode;
};

const none = {};
/** Two people rarely write at once: what offers both versions travels when they do. */
const Merge = lazy(() => import("./merge"));

/** Posts to a server action: field errors at the field, a refusal in an alert. Works before hydration. */
export function Form({ action, namespace, done, undo, resets, onDone, className, children, ...rest }: Props) {
  const [posted, dispatch, posting] = useActionState(action, null);
  const [answer, setAnswer] = useState<ActionState>(null);
  const [sending, send] = useTransition();
  const [state, pending] = [answer ?? posted, posting || sending];
  const element = useRef<HTMLFormElement>(null);
  const { start, keep } = useGuarded(element, pending);
  const say = useSaid(done, undo);
  useAnswer(state, element, { say: answer ? null : say, resets, onDone, kept: keep });

  // Calling it ourselves keeps what was typed: React empties a form after `action` even when it was refused. What was
  // done is said here, since it may take this form off the page.
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (pending) return;
    const form = new FormData(event.currentTarget, event.nativeEvent.submitter);
    send(async () => {
      const given = await answerTo(action, form);
      say(given);
      startTransition(() => setAnswer(given));
    });
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
        {children}
        {/* After the buttons, where one looks after pressing one. */}
        <Answer
          state={state}
          namespace={namespace}
          done={done}
          form={element}
          start={start}
          pending={pending}
        />
      </form>
    </FormContext>
  );
}

/** Without an answer, whatever cut it off, the form stays as it is: the page of errors would take it away. */
async function answerTo(action: FormAction, form: FormData): Promise<ActionState> {
  try {
    return await action(null, form);
  } catch (error) {
    // Next's own way of leaving: redirections, not found.
    unstable_rethrow(error);
    return { ok: false, reason: "offline" };
  }
}

type AnswerProps = {
  state: ActionState;
  namespace?: string;
  done?: string;
  form: RefObject<HTMLFormElement | null>;
  /** What the form came with. */
  start: RefObject<Record<string, string> | null>;
  pending: boolean;
};

function Answer({ state, namespace, done, ...merge }: AnswerProps) {
  if (!state) return null;
  if (state.ok)
    return done ? (
      <noscript>
        <p role="status" className="font-medium text-good">
          {done}
        </p>
      </noscript>
    ) : null;
  return (
    <div data-refusal tabIndex={-1} className="scroll-my-24 outline-none">
      {"reason" in state && state.theirs ? (
        <Suspense fallback={<Refusal state={state} namespace={namespace} />}>
          <Merge key={state.theirs.version} theirs={state.theirs} {...merge}>
            <Refusal state={state} namespace={namespace} />
          </Merge>
        </Suspense>
      ) : (
        <Refusal state={state} namespace={namespace} />
      )}
    </div>
  );
}

function Refusal({ state, namespace }: { state: NonNullable<ActionState>; namespace?: string }) {
  const reason = useReason(namespace);
  if (state.ok) return null;
  if ("reason" in state)
    return (
      <Alert
        tone="bad"
        actions={state.reason === "signedOut" ? <SignInElsewhere /> : <Whose params={state.params} />}
      >
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

/** In another tab: what was typed here stays, and the same button then does it. */
export function SignInElsewhere() {
  const t = useTranslations("ui");
  return (
    <a href="/connexion" target="_blank" rel="noopener" className="font-medium underline underline-offset-3">
      {t("signInElsewhere")}
    </a>
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

/** Says in the corner that it was done, with the button that takes it back. */
function useSaid(done: string | undefined, undo: FormAction | undefined) {
  const toast = useToast();
  const takeBack = useTakeBack(undo);
  return (given: ActionState) => {
    if (given?.ok && done) toast(done, takeBack(given));
  };
}

type Answered = Pick<Props, "resets" | "onDone"> & {
  /** Of an answer that came before the page's scripts: the others are said as they come. */
  say: ((given: ActionState) => void) | null;
  kept: () => void;
};

/** After an answer: the first faulty field, else the refusal, gets the focus; or the success closes the dialog. */
function useAnswer(state: ActionState, element: RefObject<HTMLFormElement | null>, after: Answered) {
  const close = useCloseDialog();
  const latest = useRef({ ...after, close });
  latest.current = { ...after, close };
  useEffect(() => {
    if (!state) return;
    const { say, resets, onDone, close, kept } = latest.current;
    if (!state.ok) {
      const refusal = element.current?.querySelector<HTMLElement>("[data-refusal]");
      const faulty = element.current?.querySelector<HTMLElement>('[aria-invalid="true"]');
      refusal?.scrollIntoView({ block: "nearest" });
      (faulty ?? refusal)?.focus();
      return;
    }
    say?.(state);
    if (resets) element.current?.reset();
    kept();
    close?.();
    onDone?.(state);
  }, [state, element]);
}

/** The button that sends the form; several may carry `name` and `value`. */
export function SubmitButton({ variant = "primary", ...rest }: ButtonProps) {
  const { pending } = use(FormContext);
  return <Button {...rest} type="submit" variant={variant} pending={pending} />;
}

/** The row at the bottom of a form. In a dialog: at the right, after the way out. */
export function FormActions({ closeLabel, children }: { closeLabel?: string; children: ReactNode }) {
  const t = useTranslations("ui");
  const close = useCloseDialog();
  return (
    <div className={cx("flex flex-wrap items-center gap-3 pt-1", close && "justify-end")}>
      {close && <Button onClick={close}>{closeLabel ?? t("cancel")}</Button>}
      {children}
    </div>
  );
}
