"use client";
import { Paperclip, X } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type ChangeEvent, type DragEvent, useRef, useState } from "react";
import { useHydrated } from "#app/_ui/use-hydrated.ts";
import { largestFile, offered } from "#lib/letters/attachments/schema";
import type { Refusal } from "#lib/machine/result";
import { ActionButton } from "#ui/action-button";
import { Button } from "#ui/button";
import { Card } from "#ui/card";
import { FieldError } from "#ui/field";
import { useReason } from "#ui/form-context";
import { useToast } from "#ui/toast";
import { unjoin } from "../actions";

type Props = { draftId: number; files: { id: number; name: string; weight: string }[]; total: string };

/** What goes with the letter: chosen or dropped here, kept with the draft at once. */
export function Files({ draftId, files, total }: Props) {
  const t = useTranslations("letters.compose");
  const reason = useReason("letters");
  const router = useRouter();
  const toast = useToast();
  const input = useRef<HTMLInputElement>(null);
  const [pending, setPending] = useState(false);
  const [refusals, setRefusals] = useState<{ name: string; refusal: Refusal }[]>([]);
  const hydrated = useHydrated();

  const join = async (chosen: File[]) => {
    if (chosen.length === 0) return;
    setPending(true);
    const refused = [];
    for (const file of chosen) {
      const answer = await sent(draftId, file);
      if (!answer.ok) refused.push({ name: file.name, refusal: answer });
      else toast(t("joined", { name: file.name }));
    }
    setRefusals(refused);
    setPending(false);
    // So that the same file can be chosen again once mended.
    if (input.current) input.current.value = "";
    router.refresh();
  };
  const dropped = (event: DragEvent) => {
    event.preventDefault();
    void join([...event.dataTransfer.files]);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shortcut of the button
    <div onDragOver={(event) => event.preventDefault()} onDrop={dropped}>
      <Card title={t("files")} description={files.length > 0 ? t("filesTotal", { total }) : t("filesHint")}>
        {files.length > 0 && (
          <ul className="mb-4 flex flex-col gap-2">
            {files.map(({ id, name, weight }) => (
              <li
                key={id}
                className="flex min-w-0 flex-wrap items-center gap-x-3 rounded-field border border-line px-3 py-1"
              >
                <Paperclip aria-hidden className="size-4 text-faint" />
                <a
                  href={`/letters/files/${id}`}
                  download
                  className="min-w-0 flex-1 text-brand-text underline underline-offset-3 [overflow-wrap:anywhere]"
                >
                  {name}
                </a>
                <span className="text-sm text-faint">{weight}</span>
                <ActionButton
                  action={unjoin}
                  fields={{ id }}
                  namespace="letters"
                  done={t("unjoined", { name })}
                  size="sm"
                  variant="ghost"
                  icon={<X aria-hidden />}
                  aria-label={t("unjoin", { name })}
                />
              </li>
            ))}
          </ul>
        )}
        {hydrated && (
          <>
            <input
              ref={input}
              type="file"
              multiple
              accept={offered}
              onChange={(event: ChangeEvent<HTMLInputElement>) => join([...(event.target.files ?? [])])}
              className="hidden"
              tabIndex={-1}
              aria-label={t("join")}
            />
            <Button icon={<Paperclip aria-hidden />} pending={pending} onClick={() => input.current?.click()}>
              {t("join")}
            </Button>
          </>
        )}
        <div role="alert" className="empty:hidden">
          {refusals.map(({ name, refusal }) => (
            <FieldError
              key={name}
              id={`file-${name}`}
              message={t("notJoined", { name, why: reason(refusal.reason, refusal.params) })}
            />
          ))}
        </div>
      </Card>
    </div>
  );
}

/** Too heavy is said here: a server that stops listening in the middle looks like a lost connection. */
async function sent(draftId: number, file: File): Promise<{ ok: true } | Refusal> {
  if (file.size > largestFile) return { ok: false, reason: "tooHeavy" };
  const body = new FormData();
  body.set("file", file);
  try {
    const response = await fetch(`/letters/${draftId}/files`, { method: "POST", body });
    if (response.status === 401) return { ok: false, reason: "signedOut" };
    if (response.status === 403) return { ok: false, reason: "forbidden" };
    return (await response.json()) as { ok: true } | Refusal;
  } catch {
    return { ok: false, reason: "uploadLost" };
  }
}
