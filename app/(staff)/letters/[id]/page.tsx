import { Trash2, X } from "lucide-react";
import { notFound } from "next/navigation";
import { useTranslations } from "next-intl";
import { getLocale, getTranslations } from "next-intl/server";
import { gate } from "#lib/gates/session";
import { findDraft, listSenders } from "#lib/letters/drafts/queries";
import { undoSeconds } from "#lib/letters/drafts/schema";
import { idOf } from "#lib/machine/asked";
import { formatBytes } from "#lib/machine/format";
import { ActionButton } from "#ui/action-button";
import { Address } from "#ui/address";
import { Alert } from "#ui/alert";
import { Badge } from "#ui/badge";
import { Card } from "#ui/card";
import { Combobox } from "#ui/combobox";
import { ConfirmDialog } from "#ui/confirm-dialog";
import { Form, SubmitButton } from "#ui/form";
import { LinkButton } from "#ui/link-button";
import { PageHeader } from "#ui/page-header";
import { Select } from "#ui/select";
import { Presence } from "../../inbox/presence";
import { add, discard, drop } from "../actions";
import { Files } from "./files";
import { LetterForm } from "./form";

type Draft = NonNullable<Awaited<ReturnType<typeof findDraft>>>;

export default async function LetterPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const user = await gate("letters.send", `/letters/${id}`);
  const [draft, senders, t, locale] = [
    await findDraft(idOf(id) ?? 0, user.id),
    await listSenders(),
    await getTranslations("letters"),
    await getLocale(),
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
          <LetterForm key={draft.id} draft={draft} seconds={undoSeconds}>
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
        <Files
          draftId={draft.id}
          files={draft.files.map(({ id, name, size }) => ({ id, name, weight: formatBytes(size, locale) }))}
          total={formatBytes(
            draft.files.reduce((sum, { size }) => sum + size, 0),
            locale,
          )}
        />
      </div>
    </>
  );
}

function People({ draft }: { draft: Draft }) {
  const t = useTranslations("letters");
  const opposed = draft.people.filter(({ reason }) => reason !== null);
  const several = draft.people.length > 1;
  return (
    <Card title={t("compose.to")}>
      <ul className="flex flex-wrap gap-2">
        {draft.people.map((person) => (
          <li
            key={person.id}
            className="flex max-w-full min-w-0 flex-wrap items-center gap-x-2 rounded-field border border-line px-3 py-1"
          >
            <span className="min-w-0 font-medium [overflow-wrap:anywhere]">
              {person.name || <Address>{person.address}</Address>}
            </span>
            {person.name && (
              <span className="min-w-0 text-sm text-faint">
                <Address>{person.address}</Address>
              </span>
            )}
            <Opposed reason={person.reason} />
            {several && (
              <ActionButton
                action={drop}
                fields={{ id: person.id }}
                namespace="letters"
                done={t("compose.dropped", { name: person.name || person.address })}
                size="sm"
                variant="ghost"
                icon={<X aria-hidden />}
                aria-label={t("compose.drop", { name: person.name || person.address })}
              />
            )}
          </li>
        ))}
      </ul>
      {draft.threadId === null && (
        <Form
          action={add}
          namespace="letters"
          done={t("compose.added")}
          className="mt-4 flex-row! flex-wrap items-end gap-3!"
        >
          <input type="hidden" name="id" value={draft.id} />
          <Combobox
            key={draft.people.length}
            name="contactId"
            label={t("compose.add")}
            searchHref="/contacts/options"
            className="min-w-60 flex-1"
          />
          <SubmitButton variant="secondary">{t("compose.addButton")}</SubmitButton>
        </Form>
      )}
      {several && <p className="mt-3 text-sm text-soft">{t("compose.each")}</p>}
      {several && opposed.length > 0 && (
        <p className="mt-2 text-sm text-bad">{t("compose.left", { count: opposed.length })}</p>
      )}
    </Card>
  );
}

const reasons = ["noAddress", "hardBounce", "complaint", "suppressed", "archived", "unsubscribed"] as const;

function Opposed({ reason }: { reason: string | null }) {
  const t = useTranslations("letters.reasons");
  if (!reason) return null;
  return <Badge tone="bad">{t(reasons.find((one) => one === reason) ?? "other")}</Badge>;
}
