"use client";
import { MessageSquareText, Send } from "lucide-react";
import { useTranslations } from "next-intl";
import {
  type KeyboardEvent,
  type ReactNode,
  type SubmitEvent,
  useActionState,
  useMemo,
  useRef,
  useState,
  useTransition,
} from "react";
import { useAutosave } from "#app/_ui/use-autosave.ts";
import type { ActionState } from "#lib/gates/action";
import { Alert } from "#ui/alert";
import { Button } from "#ui/button";
import { Card } from "#ui/card";
import { SignInElsewhere } from "#ui/form";
import { FormContext, useReason } from "#ui/form-context";
import { useUnsaved } from "#ui/leave-guard";
import { RichField } from "#ui/rich-field";
import { SaveBar } from "#ui/save-bar";
import { Select } from "#ui/select";
import { DateTimeField, TextField } from "#ui/text-field";
import { save, send } from "../actions";
import { SavedReplies } from "./saved-replies";

type Draft = { id: number; version: number; subject: string; html: string; updatedAt: Date };
type Props = {
  draft: Draft;
  replies: { id: number; title: string }[];
  seconds: number;
  /** What goes with it: forms of their own, between what is written and what sends it. */
  files: ReactNode;
  /** Who writes. */
  children: ReactNode;
};

/** Its form, for what belongs to it further down the page. */
const letter = "letter";

/** The letter being written: saved as one types, sent by its button or Ctrl+Enter once all of it is saved. */
export function LetterForm({ draft, replies, seconds, files, children }: Props) {
  const t = useTranslations("letters.compose");
  const form = useRef<HTMLFormElement>(null);
  const refusal = useRef<HTMLDivElement>(null);
  const [posted, dispatch] = useActionState(save, null);
  const [answer, setAnswer] = useState<ActionState>(null);
  const [sending, start] = useTransition();
  const { state, changed, flush, unsaved, version } = useAutosave(save, form, {
    version: draft.version,
    savedAt: draft.updatedAt,
  });
  useUnsaved({ dirty: unsaved, save: flush });
  const said = answer ?? state.answer ?? posted;

  const leave = (more: boolean) => {
    if (sending || !form.current) return;
    const data = new FormData(form.current);
    start(async () => {
      // What is sent is what is kept, and nothing else.
      if (!(await flush())) return refusal.current?.focus();
      data.set("version", String(version()));
      data.set("more", more ? "yes" : "no");
      const given = await send(null, data);
      setAnswer(given);
      if (given && !given.ok) requestAnimationFrame(() => refusal.current?.focus());
    });
  };
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    leave(false);
  };
  const onKey = (event: KeyboardEvent<HTMLFormElement>) => {
    if (event.key !== "Enter") return;
    if (event.ctrlKey || event.metaKey) return leave(false);
    if (!(event.target instanceof HTMLInputElement) || event.target.name !== "subject") return;
    // The end of the subject is not the end of the letter.
    event.preventDefault();
    form.current?.querySelector<HTMLElement>("[role=textbox]")?.focus();
  };
  const fields = useMemo(() => (said && !said.ok && "fields" in said ? said.fields : {}), [said]);
  const context = useMemo(
    () => ({ namespace: "letters", fields, values: {}, pending: sending }),
    [fields, sending],
  );
  return (
    <FormContext value={context}>
      <form
        ref={form}
        id={letter}
        action={dispatch}
        onSubmit={submit}
        onInput={changed}
        onKeyDown={onKey}
        noValidate
        className="flex min-w-0 flex-col gap-5"
      >
        <input type="hidden" name="id" value={draft.id} />
        <input type="hidden" name="version" value={draft.version} />
        <SaveBar state={state} />
        <Card>
          <div className="flex flex-col gap-5">
            {children}
            <TextField
              name="subject"
              label={t("subject")}
              defaultValue={draft.subject}
              maxLength={250}
              required
            />
            <RichField
              name="html"
              label={t("text")}
              defaultHtml={draft.html}
              required
              tool={{
                label: t("replies"),
                icon: <MessageSquareText aria-hidden />,
                row: (insert) => <SavedReplies draftId={draft.id} replies={replies} insert={insert} />,
              }}
            />
          </div>
        </Card>
      </form>
      {files}
      <Leaving seconds={seconds} />
      <div ref={refusal} tabIndex={-1} className="scroll-my-24 outline-none empty:hidden">
        <Refusal answer={said} onMore={() => leave(true)} />
      </div>
      <div className="flex flex-wrap items-center gap-3">
        <Button
          type="submit"
          form={letter}
          variant="primary"
          icon={<Send aria-hidden />}
          pending={sending}
          title="Ctrl+Enter"
        >
          {t("send")}
        </Button>
      </div>
    </FormContext>
  );
}

/** When it leaves, and what if nobody answers: part of the form above, kept by nothing but its sending. */
function Leaving({ seconds }: { seconds: number }) {
  const t = useTranslations("letters.compose");
  return (
    <Card>
      <div className="grid items-start gap-5 sm:grid-cols-2">
        <DateTimeField form={letter} name="at" label={t("at")} hint={t("atHint", { seconds })} />
        <Select
          form={letter}
          name="remind"
          label={t("remind")}
          defaultValue="0"
          options={[0, 3, 7, 14, 30].map((days) => ({
            value: String(days),
            label: t("remindDays", { days }),
          }))}
        />
      </div>
    </Card>
  );
}

function Refusal({ answer, onMore }: { answer: ActionState; onMore: () => void }) {
  const t = useTranslations("letters.compose");
  const reason = useReason("letters");
  if (!answer || answer.ok) return null;
  if (!("reason" in answer)) return <Alert tone="bad">{reason("checkFields")}</Alert>;
  return (
    <Alert
      tone="bad"
      actions={
        answer.reason === "signedOut" ? (
          <SignInElsewhere />
        ) : (
          answer.reason === "answered" && (
            <Button size="sm" onClick={onMore}>
              {t("sendAnyway")}
            </Button>
          )
        )
      }
    >
      {reason(answer.reason, answer.params)}
    </Alert>
  );
}
