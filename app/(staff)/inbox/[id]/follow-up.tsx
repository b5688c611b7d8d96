import Link from "next/link";
import { useFormatter, useTranslations } from "next-intl";
import type { LetterRow, listNotes, ThreadDetail } from "#lib/letters/threads/queries";
import { ActionButton } from "#ui/action-button";
import { Card } from "#ui/card";
import { DescriptionList } from "#ui/description-list";
import { Form, SubmitButton } from "#ui/form";
import { Select } from "#ui/select";
import { TextArea } from "#ui/text-field";
import { assign, note, snooze } from "../actions";

type Props = { thread: ThreadDetail; letters: LetterRow[]; colleagues: { id: number; name: string }[] };

const stateOf = ({ closedAt, snoozedUntil, yourTurn }: ThreadDetail) =>
  closedAt ? "done" : snoozedUntil ? "snoozed" : yourTurn ? "toDo" : "waiting";

/** Who follows it, and when it comes back. */
export function FollowUp({ thread, letters, colleagues }: Props) {
  const t = useTranslations("letters");
  const format = useFormatter();
  const person = letters.find(({ contactId }) => contactId !== null);
  return (
    <Card title={t("facts")}>
      <div className="flex flex-col gap-5">
        <DescriptionList
          items={[
            { label: t("state"), value: t(`states.${stateOf(thread)}`) },
            thread.snoozedUntil && {
              label: t("states.snoozed"),
              value: t("snoozedUntil", { date: format.dateTime(thread.snoozedUntil, { dateStyle: "long" }) }),
            },
            person && {
              label: t("contact"),
              value: (
                <Link
                  href={`/contacts/${person.contactId}`}
                  className="rounded text-brand-text underline underline-offset-3"
                >
                  {person.who}
                </Link>
              ),
            },
          ]}
        />
        <Form
          action={assign}
          namespace="letters"
          done={t("assigned")}
          className="flex-row! flex-wrap items-end gap-3!"
        >
          <input type="hidden" name="id" value={thread.id} />
          <Select
            key={thread.assigneeId}
            name="userId"
            label={t("assign")}
            defaultValue={String(thread.assigneeId ?? 0)}
            options={[
              { value: "0", label: t("nobody") },
              ...colleagues.map(({ id, name }) => ({ value: String(id), label: name })),
            ]}
            className="min-w-40 flex-1"
          />
          <SubmitButton variant="secondary">{t("assignTo")}</SubmitButton>
        </Form>
        {thread.closedAt === null && (
          <fieldset className="min-w-0">
            <legend className="mb-2 text-sm font-medium">{t("snooze")}</legend>
            <div className="flex flex-wrap gap-2">
              {[1, 3, 7].map((days) => (
                <ActionButton
                  key={days}
                  action={snooze}
                  fields={{ id: thread.id, days }}
                  namespace="letters"
                  done={t("snoozed")}
                  size="sm"
                >
                  {t("snoozeDays", { days })}
                </ActionButton>
              ))}
            </div>
          </fieldset>
        )}
      </div>
    </Card>
  );
}

type NotesProps = { threadId: number; notes: Awaited<ReturnType<typeof listNotes>> };

export function Notes({ threadId, notes }: NotesProps) {
  const t = useTranslations("letters");
  const format = useFormatter();
  return (
    <Card title={t("notes")} description={t("notesHint")}>
      <div className="flex flex-col gap-4">
        {notes.length === 0 && <p className="text-soft">{t("noNotes")}</p>}
        <ul className="flex flex-col gap-3">
          {notes.map(({ id, at, text, who }) => (
            <li key={id}>
              <p className="text-sm text-faint">
                {[who, format.dateTime(at, { dateStyle: "medium", timeStyle: "short" })]
                  .filter(Boolean)
                  .join(" · ")}
              </p>
              <p className="whitespace-pre-wrap [overflow-wrap:anywhere]">{text}</p>
            </li>
          ))}
        </ul>
        <Form action={note} namespace="letters" done={t("noted")} resets>
          <input type="hidden" name="id" value={threadId} />
          <TextArea name="text" label={t("note")} required maxLength={2_000} />
          <div>
            <SubmitButton variant="secondary">{t("note")}</SubmitButton>
          </div>
        </Form>
      </div>
    </Card>
  );
}
