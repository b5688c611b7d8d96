"use client";
import { Undo2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import {
  type FocusEvent,
  type ReactNode,
  type RefObject,
  type SubmitEvent,
  useActionState,
  useMemo,
  useRef,
} from "react";
import { useAutosave } from "#app/_ui/use-autosave.ts";
import type { ActionState } from "#lib/gates/action";
import { draftFields } from "#lib/letters/campaigns/form";
import type { DraftBlock } from "#lib/letters/campaigns/schema";
import { Alert } from "#ui/alert";
import { Button } from "#ui/button";
import { Card } from "#ui/card";
import { SignInElsewhere } from "#ui/form";
import { FormContext, useReason } from "#ui/form-context";
import { useUnsaved } from "#ui/leave-guard";
import { SaveBar } from "#ui/save-bar";
import { TextArea, TextField } from "#ui/text-field";
import { save } from "../../actions";
import { AddBlock } from "./add-block";
import { BlockCard } from "./block-card";
import { LetterConflict } from "./conflict";
import { SubjectField } from "./subject-field";
import { useBlocks } from "./use-blocks";
import { Variables, type Writable } from "./variables";

export type Draft = {
  id: number;
  version: number;
  updatedAt: Date;
  subject: string;
  preheader: string;
  issue: string;
  signature: string;
  name: string;
  topicId: number;
  segmentId: number | null;
  identityId: number | null;
  blocks: DraftBlock[];
};

type Props = {
  draft: Draft;
  /** Fields of who writes to whom. */
  children: ReactNode;
};

/** The form of a draft: saves itself while one types, and is an ordinary form without scripts. */
export function Composer({ draft, children }: Props) {
  const t = useTranslations("campaigns.compose");
  const router = useRouter();
  const form = useRef<HTMLFormElement>(null);
  const last = useRef<Writable | null>(null);
  const [posted, dispatch] = useActionState(save, null);
  const { state, changed, flush, unsaved, give } = useAutosave(save, form, {
    version: draft.version,
    savedAt: draft.updatedAt,
  });
  const { blocks, removed, said, add, move, remove, undo } = useBlocks(form, draft.blocks, changed);
  const answer = state.answer ?? posted;

  const refusal = useRef<HTMLDivElement>(null);
  const start = useMemo(() => draftFields(draft), [draft]);
  useUnsaved({ dirty: unsaved, save: flush });

  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const button = event.nativeEvent.submitter;
    const review = button instanceof HTMLButtonElement && button.value === "review";
    const saved = await flush();
    if (saved && review) router.push(`/campaigns/${draft.id}/review`);
    // Asked for by a button, it is shown; an automatic save leaves the cursor where one writes.
    if (!saved) requestAnimationFrame(() => refusal.current?.focus());
  };
  const focused = ({ target }: FocusEvent) => {
    if (isWritable(target)) last.current = target;
  };
  const fields = useMemo(() => (answer && !answer.ok && "fields" in answer ? answer.fields : {}), [answer]);
  const context = useMemo(() => ({ namespace: "campaigns", fields, values: {}, pending: false }), [fields]);
  return (
    <FormContext value={context}>
      <form
        ref={form}
        id="composer"
        action={dispatch}
        onSubmit={submit}
        onInput={changed}
        onFocus={focused}
        noValidate
        className="flex min-w-0 flex-col gap-5"
      >
        <DefaultButton />
        <input type="hidden" name="id" value={draft.id} />
        <input type="hidden" name="version" value={draft.version} />
        <SaveBar state={state} />
        <div ref={refusal} tabIndex={-1} className="scroll-my-24 outline-none empty:hidden">
          <Refusal answer={answer} start={start} form={form} onKept={give} />
        </div>
        <Card title={<span id="words">{t("words")}</span>}>
          <div className="flex flex-col gap-5">
            <SubjectField subject={draft.subject} />
            <TextField
              name="preheader"
              label={t("preheader")}
              hint={t("preheaderHint")}
              defaultValue={draft.preheader}
              maxLength={250}
            />
            <TextField
              name="issue"
              label={t("issue")}
              hint={t("issueHint")}
              defaultValue={draft.issue}
              maxLength={120}
            />
          </div>
        </Card>
        <section aria-labelledby="blocks" className="flex flex-col gap-3">
          <h2 id="blocks" tabIndex={-1} className="scroll-mt-6 font-display text-base font-semibold">
            {t("blocks")}
          </h2>
          {blocks.length === 0 && <p className="text-soft">{t("noBlocks")}</p>}
          <ol className="flex flex-col gap-3">
            {blocks.map((block, at) => (
              <BlockCard
                key={block.id}
                block={block}
                at={at}
                count={blocks.length}
                onMove={move}
                onRemove={remove}
              />
            ))}
          </ol>
          <p role="status" className="sr-only">
            {said}
          </p>
          {removed && (
            <Alert
              tone="neutral"
              actions={
                <Button size="sm" icon={<Undo2 aria-hidden />} onClick={undo}>
                  {t("undo")}
                </Button>
              }
            >
              {t("removed", { type: t(`types.${removed.block.type}`) })}
            </Alert>
          )}
          <AddBlock onAdd={add} />
        </section>
        <Variables last={last} />
        <Card>
          <TextArea
            name="signature"
            label={t("signature")}
            hint={t("signatureHint")}
            defaultValue={draft.signature}
            maxLength={600}
          />
        </Card>
        <Card title={<span id="who">{t("who")}</span>}>{children}</Card>
        <SaveBar state={state} withButton />
      </form>
    </FormContext>
  );
}

/** Enter in a field saves: without it, the first button of the form would be a block's. */
function DefaultButton() {
  return (
    <button
      type="submit"
      name="intent"
      value="save"
      tabIndex={-1}
      aria-hidden
      className="absolute size-0 overflow-hidden"
    />
  );
}

type RefusalProps = {
  answer: ActionState;
  start: Record<string, string>;
  form: RefObject<HTMLFormElement | null>;
  onKept: () => void;
};

function Refusal({ answer, start, form, onKept }: RefusalProps) {
  const t = useTranslations("campaigns.compose");
  const reason = useReason("campaigns");
  if (!answer || answer.ok) return null;
  if (!("reason" in answer)) return <Alert tone="bad">{reason("checkFields")}</Alert>;
  const reload = () => {
    onKept();
    location.reload();
  };
  if (answer.theirs)
    return (
      <LetterConflict
        key={answer.theirs.version}
        theirs={answer.theirs}
        start={start}
        form={form}
        onKept={reload}
      />
    );
  return (
    <Alert
      tone="bad"
      actions={
        answer.reason === "signedOut" ? (
          <SignInElsewhere />
        ) : (
          answer.reason === "notDraft" && (
            <Button size="sm" onClick={reload}>
              {t("reload")}
            </Button>
          )
        )
      }
    >
      {reason(answer.reason, answer.params)}
    </Alert>
  );
}

/** A field that may hold a personal variable: the words of the mail, not its addresses. */
function isWritable(target: EventTarget): target is Writable {
  if (
    !(target instanceof HTMLInputElement && target.type === "text") &&
    !(target instanceof HTMLTextAreaElement)
  )
    return false;
  return /^(subject|preheader|block\.\w+\.(?!.*(src|url)$).+)$/.test(target.name);
}
