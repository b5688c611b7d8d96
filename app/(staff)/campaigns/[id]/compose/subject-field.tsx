"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { TextField } from "#ui/text-field";

/** Where phones cut a subject. */
const comfortable = 60;

export function SubjectField({ subject }: { subject: string }) {
  const t = useTranslations("campaigns.compose");
  const [count, setCount] = useState([...subject].length);
  return (
    <div className="flex flex-col gap-1">
      <TextField
        name="subject"
        label={t("subject")}
        hint={t("subjectHint")}
        defaultValue={subject}
        maxLength={250}
        onInput={(event) => setCount([...event.currentTarget.value].length)}
      />
      <p
        className={
          count > comfortable ? "nums text-[0.8125rem] text-warn" : "nums text-[0.8125rem] text-faint"
        }
      >
        {count > comfortable ? t("subjectLong", { count }) : t("subjectCount", { count })}
      </p>
    </div>
  );
}
