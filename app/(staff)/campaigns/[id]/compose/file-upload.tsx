"use client";
import { FileUp, ImageUp } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ChangeEvent, useRef, useState } from "react";
import { useHydrated } from "#app/_ui/use-hydrated.ts";
import type { Refusal } from "#lib/machine/result";
import { Button } from "#ui/button";
import { FieldError } from "#ui/field";
import { useReason } from "#ui/form-context";

type Kind = "picture" | "document";
type Kept = { ok: true; src: string; title: string };

const looks = {
  // Without HEIC in the list, an iPhone turns its photographs into JPEG by itself.
  picture: {
    Icon: ImageUp,
    accept: "image/jpeg,image/png,image/webp,image/gif,image/avif,image/heic,image/heif",
  },
  document: { Icon: FileUp, accept: ".pdf,.docx,.odt,.xlsx,.ods,.pptx,.odp,.ics" },
};
const maxBytes = 25 * 1024 * 1024;

type Props = {
  kind: Kind;
  /** Name of the field that takes the file's address. */
  target: string;
  /** Writes a link in the text, where the cursor is, instead of the bare address. */
  asLink?: boolean;
};

/** Keeps a file and writes its address in the field beside it. Without JavaScript, one gives an address. */
export function FileUpload({ kind, target, asLink }: Props) {
  const t = useTranslations("campaigns.compose");
  const reason = useReason("campaigns");
  const input = useRef<HTMLInputElement>(null);
  const [pending, setPending] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  if (!useHydrated()) return null;
  const { Icon, accept } = looks[kind];
  const words =
    kind === "picture"
      ? { label: t("imageFile"), hint: t("imageFileHint") }
      : { label: asLink ? t("fileInsert") : t("fileUpload"), hint: t("fileUploadHint") };

  const chosen = async (event: ChangeEvent<HTMLInputElement>) => {
    const { files, form } = event.target;
    const [file] = files ?? [];
    const field = form?.elements.namedItem(target);
    if (!file || !isWritten(field)) return;
    setPending(true);
    const answer = await sent(file, kind);
    setPending(false);
    // So that the same file can be chosen again once mended.
    if (input.current) input.current.value = "";
    setRefusal(answer.ok ? undefined : answer);
    if (answer.ok)
      write(field, asLink ? `[${answer.title.replace(/[[\]]/g, "")}](${answer.src})` : answer.src, asLink);
  };
  return (
    <div className="flex flex-col gap-1">
      <input
        ref={input}
        type="file"
        accept={accept}
        onChange={chosen}
        // Choosing a file is no change of the letter; its address is.
        onInput={(event) => event.stopPropagation()}
        className="hidden"
        tabIndex={-1}
        aria-label={words.label}
      />
      <Button
        icon={<Icon aria-hidden />}
        pending={pending}
        title={words.hint}
        size={asLink ? "sm" : "md"}
        onClick={() => input.current?.click()}
        className="self-start"
      >
        {words.label}
      </Button>
      <div role="alert">
        <FieldError id={`${target}-file-error`} message={refusal && reason(refusal.reason, refusal.params)} />
      </div>
    </div>
  );
}

type Field = HTMLInputElement | HTMLTextAreaElement;
const isWritten = (field: unknown): field is Field =>
  field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement;

function write(field: Field, text: string, within?: boolean) {
  if (within)
    field.setRangeText(
      text,
      field.selectionStart ?? field.value.length,
      field.selectionEnd ?? field.value.length,
      "end",
    );
  else field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

/** Too heavy is said here: a server that stops listening in the middle looks like a lost connection. */
async function sent(file: File, kind: Kind): Promise<Kept | Refusal> {
  if (file.size > maxBytes) return { ok: false, reason: "tooBig" };
  const body = new FormData();
  body.set("file", file);
  try {
    const response = await fetch(`/campaigns/upload?as=${kind}`, { method: "POST", body });
    if (response.status === 401) return { ok: false, reason: "signedOut" };
    if (response.status === 403) return { ok: false, reason: "forbidden" };
    return (await response.json()) as Kept | Refusal;
  } catch {
    return { ok: false, reason: "uploadLost" };
  }
}
