import { Paperclip, Undo2 } from "lucide-react";
import Link from "next/link";
import { useFormatter, useLocale, useTranslations } from "next-intl";
import type { Attached } from "#lib/letters/attachments/queries";
import type { LetterRow, RecipientRow } from "#lib/letters/threads/queries";
import { splitQuoted } from "#lib/letters/threads/quoted";
import { formatBytes } from "#lib/machine/format";
import type { Contents } from "#lib/returns/received/enclosed";
import { ActionButton } from "#ui/action-button";
import { Address } from "#ui/address";
import { Badge } from "#ui/badge";
import { cx } from "#ui/class";
import type { Tone } from "#ui/tone";
import { LayoutSwitch, MailLayout, ReceivedFiles } from "../../_mail/contents";
import { undo } from "../../letters/actions";

type Props = {
  letter: LetterRow;
  files: Attached[];
  people: RecipientRow[];
  contents: Contents | undefined;
  layoutHref: string;
  mine: boolean;
};

/** One mail of the thread, as text; the layout of somebody else is shown in a frame of its own, when asked for. */
export function Letter({ letter, files, people, contents, layoutHref, mine }: Props) {
  const t = useTranslations("letters");
  const format = useFormatter();
  const ours = letter.receivedMailId === null || letter.authorId !== null;
  return (
    <article
      className={cx(
        "rounded-card border border-line bg-surface p-5 shadow-card",
        ours && "bg-raised sm:ms-8",
      )}
    >
      <header className="mb-3 flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h2 className="min-w-0 font-semibold [overflow-wrap:anywhere]">
          {ours
            ? t("wroteFor", {
                who: letter.author ?? t("unknown"),
                to: people.length > 1 ? t("several", { count: people.length }) : letter.who,
              })
            : letter.who || t("unknown")}
        </h2>
        <time dateTime={letter.at.toISOString()} className="text-sm text-faint">
          {format.dateTime(letter.at, { dateStyle: "medium", timeStyle: "short" })}
        </time>
      </header>
      <Marks letter={letter} />
      {contents?.layout ? <MailLayout layout={contents.layout} /> : <Words letter={letter} />}
      {contents?.hasLayout && <LayoutSwitch shown={contents.layout !== null} href={layoutHref} />}
      {contents && letter.receivedMailId !== null && (
        <ReceivedFiles mailId={letter.receivedMailId} files={contents.files} />
      )}
      <Joined files={files} />
      <Recipients people={people} />
      {letter.receivedMailId === null && <Journey letter={letter} several={people.length > 1} mine={mine} />}
    </article>
  );
}

/** How sure we are that it belongs here, and what it answers. */
function Marks({ letter }: { letter: LetterRow }) {
  const t = useTranslations("letters");
  const marks = [
    letter.receivedMailId !== null && letter.authorId !== null && <Badge key="copy">{t("copy")}</Badge>,
    letter.automatic && <Badge key="automatic">{t("automatic")}</Badge>,
    letter.sureness === "address" && (
      <Badge key="address" tone="warn" className="whitespace-normal!">
        {t("sureness.address")}
      </Badge>
    ),
    letter.sureness === "elsewhere" && (
      <Badge key="elsewhere" tone="warn" className="whitespace-normal! [overflow-wrap:anywhere]">
        {t("sureness.elsewhere", { address: letter.address })}
      </Badge>
    ),
    letter.campaign && <Badge key="campaign">{t("answersCampaign", { name: letter.campaign })}</Badge>,
  ].filter(Boolean);
  return marks.length > 0 ? <p className="mb-3 flex flex-wrap gap-2">{marks}</p> : null;
}

function Words({ letter }: { letter: LetterRow }) {
  const t = useTranslations("letters");
  const text = "whitespace-pre-wrap [overflow-wrap:anywhere]";
  const toMail = letter.receivedMailId !== null && (
    <Link
      href={`/received/${letter.receivedMailId}`}
      className="text-brand-text underline underline-offset-3"
    >
      {t("openMail")}
    </Link>
  );
  if (letter.hidden)
    return (
      <p className="text-soft">
        {t("hidden")} {toMail}
      </p>
    );
  if (letter.text === "")
    return (
      <p className="text-soft">
        {t("noText")} {toMail}
      </p>
    );
  const { own, quoted } = splitQuoted(letter.text);
  return (
    <>
      <p className={text}>{own}</p>
      {quoted && (
        <details className="mt-3">
          <summary className="cursor-pointer text-sm text-soft">{t("quoted")}</summary>
          <p className={cx(text, "mt-2 border-s-2 border-line ps-3 text-sm text-soft")}>{quoted}</p>
        </details>
      )}
    </>
  );
}

/** What left with it. */
function Joined({ files }: { files: Attached[] }) {
  const t = useTranslations("letters");
  const locale = useLocale();
  if (files.length === 0) return null;
  return (
    <ul aria-label={t("files")} className="mt-3 flex flex-wrap gap-x-4 gap-y-1">
      {files.map(({ id, name, size }) => (
        <li key={id} className="flex min-w-0 items-center gap-1.5 text-sm">
          <Paperclip aria-hidden className="size-4 shrink-0 text-faint" />
          <a
            href={`/letters/files/${id}`}
            download
            className="min-w-0 text-brand-text underline underline-offset-3 [overflow-wrap:anywhere]"
          >
            {name}
          </a>
          <span className="shrink-0 text-faint">{formatBytes(size, locale)}</span>
        </li>
      ))}
    </ul>
  );
}

/** Of a mail to several: who, how they are named, and who did not get it. */
function Recipients({ people }: { people: RecipientRow[] }) {
  const t = useTranslations("letters");
  if (people.length === 0) return null;
  return (
    <ul aria-label={t("compose.people")} className="mt-4 flex flex-col gap-1 text-sm">
      {people.map((one) => {
        const lost = one.bounce !== null || one.status === "failed" || one.status === "skipped";
        return (
          <li key={one.id} className="flex flex-wrap items-baseline gap-x-2">
            <span className="text-faint">{t(`compose.roles.${one.role}`)}</span>
            <span className="min-w-0 [overflow-wrap:anywhere]">{one.who || t("unknown")}</span>
            {(lost || one.status === "unknown") && (
              <Badge
                tone={one.status === "failed" || one.bounce ? "bad" : "warn"}
                className="whitespace-normal!"
              >
                {one.bounce ? t("bounced") : t(`status.${one.status as "failed"}`)}
              </Badge>
            )}
          </li>
        );
      })}
    </ul>
  );
}

const tones: Record<string, Tone> = { sent: "good", failed: "bad", skipped: "warn", unknown: "warn" };

/** Where our letter is: it is told from its delivery, and may be taken back for as long as it waits. */
function Journey({ letter, several, mine }: { letter: LetterRow; several: boolean; mine: boolean }) {
  const t = useTranslations("letters");
  const format = useFormatter();
  const waits = letter.status === "queued";
  const ahead = letter.dueAt !== null && letter.dueAt > new Date();
  const said = () => {
    if (letter.bounce) return t("bounced");
    if (letter.reason === "fileLost" && letter.status === "failed") return t("fileLost");
    if (letter.reason === "folderAway" && waits) return t("folderAway");
    if (waits)
      return ahead && letter.dueAt
        ? t("status.queued", {
            when: format.dateTime(letter.dueAt, { dateStyle: "medium", timeStyle: "medium" }),
          })
        : t("status.waiting");
    const status = (["sending", "unknown", "sent", "failed", "skipped"] as const).find(
      (one) => one === letter.status,
    );
    return t(`status.${status ?? "sending"}`);
  };
  return (
    <footer className="mt-4 flex flex-wrap items-center gap-3 border-t border-line pt-3 text-sm text-soft">
      <Badge
        tone={letter.bounce ? "bad" : (tones[letter.status ?? ""] ?? "info")}
        className="whitespace-normal!"
      >
        {said()}
      </Badge>
      {!several && <Address>{letter.address}</Address>}
      {waits && mine && letter.draftId !== null && (
        <ActionButton
          action={undo}
          fields={{ id: letter.draftId }}
          namespace="letters"
          done={t("undone")}
          size="sm"
          icon={<Undo2 aria-hidden />}
        >
          {t("undo")}
        </ActionButton>
      )}
    </footer>
  );
}
