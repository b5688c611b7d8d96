"use client";
import { ImageUp } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ChangeEvent, useRef, useState } from "react";
import { Button } from "#ui/button";
import { FieldError } from "#ui/field";
import { useReason } from "#ui/form-context";
import { uploadImage } from "../../actions";
import { useHydrated } from "./use-hydrated";

/** Keeps a picture and writes its address in the field beside it. Without JavaScript, one gives an address. */
export function ImageUpload({ target }: { target: string }) {
  const t = useTranslations("campaigns.compose");
  const reason = useReason("campaigns");
  const input = useRef<HTMLInputElement>(null);
  const [pending, setPending] = useState(false);
  const [refusal, setRefusal] = useState<string>();
  if (!useHydrated()) return null;

  const chosen = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    const field = event.target.form?.elements.namedItem(target);
    if (!file || !(field instanceof HTMLInputElement)) return;
    const data = new FormData();
    data.set("file", file);
    setPending(true);
    const answer = await uploadImage(null, data).catch(() => ({ ok: false as const, reason: "offline" }));
    setPending(false);
    if (!answer?.ok) return setRefusal(reason(answer && "reason" in answer ? answer.reason : "notAnImage"));
    setRefusal(undefined);
    field.value = (answer.data as { src: string }).src;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    if (input.current) input.current.value = "";
  };
  return (
    <div className="flex flex-col gap-1">
      <input
        ref={input}
        type="file"
        accept="image/png,image/jpeg,image/gif"
        onChange={chosen}
        className="hidden"
        tabIndex={-1}
        aria-label={t("imageFile")}
      />
      <Button
        icon={<ImageUp aria-hidden />}
        pending={pending}
        title={t("imageFileHint")}
        onClick={() => input.current?.click()}
      >
        {t("imageFile")}
      </Button>
      <FieldError id={`${target}-file-error`} message={refusal} />
    </div>
  );
}
