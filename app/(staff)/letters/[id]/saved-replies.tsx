"use client";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { Button } from "#ui/button";
import type { Insert } from "#ui/rich-field";

type Props = { draftId: number; replies: { id: number; title: string }[]; insert: Insert };

/** Chosen in a list, by its first letters too, and written where the cursor was. */
export function SavedReplies({ draftId, replies, insert }: Props) {
  const t = useTranslations("letters.compose");
  const list = useRef<HTMLSelectElement>(null);
  const [failed, setFailed] = useState(false);
  const put = async () => {
    const id = list.current?.value;
    const response = await fetch(`/letters/${draftId}/replies/${id}`).catch(() => null);
    if (!response?.ok) return setFailed(true);
    insert(((await response.json()) as { html: string }).html);
  };
  return (
    // Choosing is not writing in the letter yet.
    <div
      className="flex flex-wrap items-center gap-2 border-b border-line p-2"
      onInput={(event) => event.stopPropagation()}
    >
      {replies.length === 0 ? (
        <p className="min-w-0 flex-1 text-sm text-soft">{t("noReplies")}</p>
      ) : (
        <>
          <select
            ref={list}
            // biome-ignore lint/a11y/noAutofocus: it appears because its button or its key was pressed
            autoFocus
            aria-label={t("replies")}
            className="field-box min-w-0 flex-1 basis-full sm:basis-40"
            onKeyDown={(event) => {
              if (event.key === "Enter") void put();
              if (event.key === "Escape") insert("");
              if (event.key === "Enter" || event.key === "Escape") event.preventDefault();
            }}
          >
            {replies.map(({ id, title }) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </select>
          <Button size="sm" onClick={put}>
            {t("insertReply")}
          </Button>
        </>
      )}
      <Link href="/letters/replies" className="text-sm text-brand-text underline underline-offset-3">
        {t("manageReplies")}
      </Link>
      <Button size="sm" variant="ghost" onClick={() => insert("")}>
        {t("closeReplies")}
      </Button>
      <p role="alert" className="w-full text-sm text-bad empty:hidden">
        {failed && t("replyLost")}
      </p>
    </div>
  );
}
