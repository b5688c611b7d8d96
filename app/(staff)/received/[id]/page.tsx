import { Reply, ReplyAll } from "lucide-react";
import { notFound } from "next/navigation";
import { useTranslations } from "next-intl";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { may } from "#lib/department/permissions";
import { gate } from "#lib/gates/session";
import { countOthers } from "#lib/letters/drafts/answer";
import { idOf } from "#lib/machine/asked";
import { mayReadMail } from "#lib/returns/received/enclosed";
import { readReceived } from "#lib/returns/received/queries";
import { ActionButton } from "#ui/action-button";
import { Alert } from "#ui/alert";
import { Badge } from "#ui/badge";
import { Card } from "#ui/card";
import { cx } from "#ui/class";
import { LinkButton } from "#ui/link-button";
import { PageHeader } from "#ui/page-header";
import { LayoutSwitch, MailLayout, ReceivedFiles } from "../../_mail/contents";
import { NewTask } from "../../_tasks/new-task";
import { answer } from "../../letters/actions";
import { HandledButton } from "../handled-button";
import { Waiting } from "./decide";
import { Facts } from "./facts";
import type { Mail } from "./mail";
import { Meaning } from "./meaning";

const classes = [
  "bounce",
  "complaint",
  "unsubscribe",
  "auto-reply",
  "reply",
  "report",
  "copy",
  "other",
] as const;
const views: Record<string, string> = {
  reply: "replies",
  bounce: "bounces",
  complaint: "complaints",
  unsubscribe: "complaints",
  "auto-reply": "automatic",
};

type Props = { params: Promise<{ id: string }>; searchParams: Promise<{ layout?: string }> };

export default async function ReceivedMailPage({ params, searchParams }: Props) {
  const { id } = await params;
  const user = await gate("replies.read", `/received/${id}`);
  const readable = may(user.role, "secrets.read");
  const number = idOf(id) ?? 0;
  if (!(await mayReadMail(number, user))) notFound();
  const mail = await readReceived(number, readable, (await searchParams).layout !== undefined);
  if (!mail) notFound();
  const t = await getTranslations("received");
  const kind = classes.find((one) => one === mail.class) ?? "other";
  const thread = kind === "reply" && may(user.role, "letters.send") ? mail.letter : null;
  const others = thread ? await countOthers(thread.threadId, user.id, mail.id) : 0;
  const guess = t(mail.class === "bounce" ? "task.call" : "task.answer", { who: personOf(mail) });
  return (
    <>
      <PageHeader
        title={mail.subject || t("noSubject")}
        breadcrumbs={[placeOf(mail, may(user.role, "received.read"), t("title"))]}
        aside={
          <Badge
            tone={kind === "bounce" || kind === "complaint" ? "bad" : kind === "reply" ? "brand" : "neutral"}
          >
            {t(`classes.${kind}`)}
          </Badge>
        }
        actions={
          <>
            {may(user.role, "tasks.edit") && (
              <NewTask
                me={user.id}
                about={{ receivedMailId: mail.id }}
                title={guess}
                trigger={kind === "bounce" ? { label: t("askByTelephone") } : undefined}
              />
            )}
            {kind === "reply" && <Answer mail={mail} />}
            {thread && others > 0 && <AnswerAll mailId={mail.id} threadId={thread.threadId} />}
            {may(user.role, "received.handle") && (kind === "reply" || kind === "bounce") && (
              <HandledButton id={mail.id} handled={mail.handledAt !== null} archives={kind === "bounce"} />
            )}
          </>
        }
      />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,3fr)_minmax(18rem,2fr)]">
        <div className="flex min-w-0 flex-col gap-6">
          <Waiting mail={mail} mayHandle={may(user.role, "received.handle")} />
          <Meaning mail={mail} mayHandle={may(user.role, "received.handle")} />
          {mail.hidden ? (
            <Alert tone="info" title={t("hidden")}>
              {t("hiddenText")}
            </Alert>
          ) : kind === "bounce" && mail.bounces.length > 0 ? (
            // What it says that counts is shown as the server's answer.
            <Folded title={t("text")}>
              <Said mail={mail} />
            </Folded>
          ) : (
            <Card title={t("text")}>
              <Said mail={mail} />
            </Card>
          )}
        </div>
        <Facts mail={mail} />
      </div>
      {!mail.hidden && <Source source={mail.source} />}
    </>
  );
}

/** Its words, or its layout when that is asked for; and what came with it. */
function Said({ mail }: { mail: Mail }) {
  const t = useTranslations("received");
  const layout = mail.contents?.layout;
  return (
    <>
      {layout ? (
        <MailLayout layout={layout} />
      ) : (
        <p className="whitespace-pre-wrap [overflow-wrap:anywhere]">
          {mail.text || <span className="text-soft">{t("noText")}</span>}
        </p>
      )}
      {mail.contents?.hasLayout && (
        <LayoutSwitch shown={!!layout} href={`/received/${mail.id}${layout ? "" : "?layout=1"}`} />
      )}
      <ReceivedFiles mailId={mail.id} files={mail.contents?.files ?? []} />
    </>
  );
}

/** Whom it is from or about, as one says it. */
const personOf = ({ contact, sender }: Mail) =>
  (contact && `${contact.firstName} ${contact.lastName}`.trim()) || sender.replace(/\s*<[^>]*>$/, "");

/** Where one comes from: the returns, or for who sees only its answers, the campaign. */
function placeOf({ class: kind, delivery }: Mail, readsAll: boolean, title: string) {
  return readsAll || !delivery?.campaign
    ? { label: title, href: `/received?view=${views[kind] ?? "others"}` }
    : { label: delivery.campaign.name, href: `/campaigns/${delivery.campaign.id}` };
}

function Answer({ mail }: { mail: Mail }) {
  const t = useTranslations("received");
  const address = /<([^<>\s]+@[^<>\s]+)>|^([^<>\s]+@[^<>\s]+)$/.exec(mail.sender);
  const to = address?.[1] ?? address?.[2];
  const subject = /^re ?:/i.test(mail.subject) ? mail.subject : `Re: ${mail.subject}`;
  if (mail.letter)
    return (
      <LinkButton href={`/inbox/${mail.letter.threadId}`} variant="primary" icon={<Reply aria-hidden />}>
        {t("answer")}
      </LinkButton>
    );
  return (
    to && (
      <a
        href={`mailto:${encodeURIComponent(to).replace("%40", "@")}?subject=${encodeURIComponent(subject)}`}
        className="inline-flex min-h-10 items-center gap-2 rounded-field px-3 font-medium text-soft hover:bg-sunken hover:text-ink"
      >
        <Reply aria-hidden className="size-4" />
        {t("reply")}
      </a>
    )
  );
}

/** With a copy to the others it was to. */
function AnswerAll({ mailId, threadId }: { mailId: number; threadId: number }) {
  const t = useTranslations("letters");
  return (
    <ActionButton
      action={answer}
      fields={{ threadId, mailId, all: "yes" }}
      namespace="letters"
      done={t("continueDraft")}
      icon={<ReplyAll aria-hidden />}
    >
      {t("answerAll")}
    </ActionButton>
  );
}

function Source({ source }: { source: string }) {
  const t = useTranslations("received");
  return (
    <Folded title={t("source")} className="mt-6">
      <p className="mb-3 text-sm text-soft">{t("sourceHint")}</p>
      <pre className="rounded-field bg-sunken p-4 text-[0.8125rem] leading-relaxed whitespace-pre-wrap [overflow-wrap:anywhere]">
        {source}
      </pre>
    </Folded>
  );
}

function Folded({ title, className, children }: { title: string; className?: string; children: ReactNode }) {
  return (
    <details className={cx("rounded-card border border-line bg-surface shadow-card", className)}>
      <summary className="min-h-11 cursor-pointer rounded-card px-5 py-3 font-medium">{title}</summary>
      <div className="px-5 pb-5">{children}</div>
    </details>
  );
}
