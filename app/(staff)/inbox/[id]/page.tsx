import { Check, Reply, ReplyAll, RotateCcw } from "lucide-react";
import { notFound } from "next/navigation";
import { useTranslations } from "next-intl";
import { getTranslations } from "next-intl/server";
import { gate } from "#lib/gates/session";
import { listOfThread } from "#lib/letters/attachments/queries";
import { countOthers } from "#lib/letters/drafts/answer";
import {
  findThread,
  listLetters,
  listNotes,
  listRecipients,
  type ThreadDetail,
} from "#lib/letters/threads/queries";
import { listColleagues } from "#lib/letters/threads/reader";
import { idOf } from "#lib/machine/asked";
import { listContents } from "#lib/returns/received/enclosed";
import { ActionButton } from "#ui/action-button";
import { PageHeader } from "#ui/page-header";
import { answer } from "../../letters/actions";
import { close, reopen } from "../actions";
import { Presence } from "../presence";
import { FollowUp, Notes } from "./follow-up";
import { Letter } from "./letter";

type Props = { params: Promise<{ id: string }>; searchParams: Promise<{ layout?: string }> };

export default async function ThreadPage({ params, searchParams }: Props) {
  const { id } = await params;
  const user = await gate("letters.read", `/inbox/${id}`);
  const thread = await findThread(idOf(id) ?? 0, user);
  if (!thread) notFound();
  const [letters, files, people, notes, colleagues, others, t] = await Promise.all([
    listLetters(thread.id),
    listOfThread(thread.id),
    listRecipients(thread.id),
    listNotes(thread.id),
    listColleagues(),
    countOthers(thread.id, user.id),
    getTranslations("letters"),
  ]);
  const shown = idOf((await searchParams).layout);
  const contents = await listContents(
    letters.flatMap(({ receivedMailId }) => receivedMailId ?? []),
    shown,
  );
  return (
    <>
      <PageHeader
        title={thread.subject || t("noSubject")}
        breadcrumbs={[{ label: t("title"), href: "/inbox" }]}
        actions={<Acts thread={thread} others={others} />}
      />
      <Presence threadId={thread.id} version={thread.version} />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,3fr)_minmax(18rem,2fr)]">
        <ol className="flex min-w-0 flex-col gap-4">
          {letters.map((letter) => (
            <li key={letter.id}>
              <Letter
                letter={letter}
                files={files.get(letter.id) ?? []}
                people={people.get(letter.id) ?? []}
                contents={contents.get(letter.receivedMailId ?? 0)}
                layoutHref={`/inbox/${thread.id}${shown === letter.receivedMailId ? "" : `?layout=${letter.receivedMailId}`}`}
                mine={letter.authorId === user.id}
              />
            </li>
          ))}
        </ol>
        <div className="flex min-w-0 flex-col gap-6">
          <FollowUp thread={thread} letters={letters} colleagues={colleagues} />
          <Notes threadId={thread.id} notes={notes} />
        </div>
      </div>
    </>
  );
}

function Acts({ thread, others }: { thread: ThreadDetail; others: number }) {
  const t = useTranslations("letters");
  const fields = { id: thread.id };
  const asleep = thread.closedAt !== null || thread.snoozedUntil !== null;
  return (
    <>
      <ActionButton
        action={answer}
        fields={{ threadId: thread.id }}
        namespace="letters"
        done={t("continueDraft")}
        variant="primary"
        icon={<Reply aria-hidden />}
      >
        {thread.yourTurn ? t("answer") : t("writeMore")}
      </ActionButton>
      {others > 0 && (
        <ActionButton
          action={answer}
          fields={{ threadId: thread.id, all: "yes" }}
          namespace="letters"
          done={t("continueDraft")}
          icon={<ReplyAll aria-hidden />}
        >
          {t("answerAll")}
        </ActionButton>
      )}
      {asleep && (
        <ActionButton
          action={reopen}
          fields={fields}
          namespace="letters"
          done={t("reopened")}
          icon={<RotateCcw aria-hidden />}
        >
          {t("reopen")}
        </ActionButton>
      )}
      {thread.closedAt === null && (
        <ActionButton
          action={close}
          fields={fields}
          namespace="letters"
          done={t("closed")}
          icon={<Check aria-hidden />}
        >
          {t("close")}
        </ActionButton>
      )}
    </>
  );
}
