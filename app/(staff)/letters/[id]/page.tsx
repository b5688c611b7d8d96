import { Trash2 } from "lucide-react";
import { notFound } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { gate } from "#lib/gates/session";
import { findDraft, listSenders } from "#lib/letters/drafts/queries";
import { undoSeconds } from "#lib/letters/drafts/schema";
import { listReplies } from "#lib/letters/saved-replies/queries";
import { idOf } from "#lib/machine/asked";
import { formatBytes } from "#lib/machine/format";
import { Alert } from "#ui/alert";
import { ConfirmDialog } from "#ui/confirm-dialog";
import { LinkButton } from "#ui/link-button";
import { PageHeader } from "#ui/page-header";
import { Select } from "#ui/select";
import { Presence } from "../../inbox/presence";
import { discard } from "../actions";
import { Files } from "./files";
import { LetterForm } from "./form";
import { People } from "./people";

export default async function LetterPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const user = await gate("letters.send", `/letters/${id}`);
  const [draft, senders, replies, t] = [
    await findDraft(idOf(id) ?? 0, user.id),
    await listSenders(),
    await listReplies(user.id),
    await getTranslations("letters"),
  ];
  if (!draft) notFound();
  return (
    <>
      <PageHeader
        title={draft.threadId ? t("compose.answerTitle") : t("compose.title")}
        breadcrumbs={[
          { label: t("title"), href: "/inbox" },
          draft.threadId
            ? { label: draft.subject || t("noSubject"), href: `/inbox/${draft.threadId}` }
            : { label: t("views.drafts"), href: "/inbox?view=drafts" },
        ]}
        actions={
          <>
            <LinkButton href="/letters/signature" variant="ghost">
              {t("compose.signature")}
            </LinkButton>
            <LinkButton href="/letters/replies" variant="ghost">
              {t("replies.title")}
            </LinkButton>
            <ConfirmDialog
              trigger={{ label: t("compose.discard"), icon: <Trash2 aria-hidden />, variant: "ghost" }}
              title={t("compose.discardTitle")}
              consequence={t("compose.discardText")}
              confirmLabel={t("compose.discard")}
              action={discard}
              fields={{ id: draft.id }}
              namespace="letters"
              done={t("compose.discarded")}
              tone="danger"
            />
          </>
        }
      />
      {draft.threadId !== null && draft.threadVersion !== null && (
        <Presence threadId={draft.threadId} version={draft.threadVersion} writes />
      )}
      <div className="flex max-w-3xl flex-col gap-5">
        <People draft={draft} />
        {senders.length === 0 ? (
          <Alert tone="warn">{t("compose.noSenders")}</Alert>
        ) : (
          <LetterForm
            key={draft.id}
            draft={draft}
            replies={replies.map(({ id, title }) => ({ id, title }))}
            seconds={undoSeconds}
            files={<Joined draft={draft} />}
          >
            <Select
              name="identityId"
              label={t("compose.from")}
              defaultValue={String(draft.identityId ?? senders[0]?.id ?? "")}
              options={senders.map((one) => ({
                value: String(one.id),
                label: `${one.displayName} <${one.address}>${one.sandbox ? ` (${t("compose.sandbox")})` : ""}`,
              }))}
            />
          </LetterForm>
        )}
      </div>
    </>
  );
}

async function Joined({ draft }: { draft: NonNullable<Awaited<ReturnType<typeof findDraft>>> }) {
  const locale = await getLocale();
  return (
    <Files
      draftId={draft.id}
      files={draft.files.map(({ id, name, size }) => ({ id, name, weight: formatBytes(size, locale) }))}
      total={formatBytes(
        draft.files.reduce((sum, { size }) => sum + size, 0),
        locale,
      )}
    />
  );
}
