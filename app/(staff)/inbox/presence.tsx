"use client";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { Alert } from "#ui/alert";
import { Button } from "#ui/button";

type Props = {
  threadId: number;
  /** Of the thread, as the page shows it. */
  version: number;
  /** This page is where the answer is being written: saving it asks for the page again, and must not hide a change. */
  writes?: boolean;
};
type Told = { version: number; writers: string[] };

const BEAT = 10_000;

/** « Somebody is answering », without a socket: the page says every ten seconds that it is here, and is told who else. */
export function Presence({ threadId, version, writes = false }: Props) {
  const t = useTranslations("letters.live");
  const router = useRouter();
  const [told, setTold] = useState<Told | null>(null);
  const [opened] = useState(version);
  useEffect(() => {
    let gone = false;
    const ask = async () => {
      if (document.visibilityState !== "visible") return;
      try {
        const answer = await fetch(`/inbox/${threadId}/presence${writes ? "?writes=yes" : ""}`, {
          method: "POST",
        });
        if (gone || !answer.ok) return;
        const now = (await answer.json()) as Told;
        setTold(now);
      } catch {
        // Offline: the next beat tells.
      }
    };
    void ask();
    const timer = setInterval(ask, BEAT);
    return () => {
      gone = true;
      clearInterval(timer);
    };
  }, [threadId, writes]);
  const see = () => {
    if (writes) router.push(`/inbox/${threadId}`);
    else router.refresh();
  };
  const changed = told !== null && told.version > (writes ? opened : version);
  return (
    <div role="status" className="mb-5 flex flex-col gap-3 empty:hidden">
      {told && told.writers.length > 0 && (
        <Alert tone="warn">
          {t("writing", { names: told.writers.join(", "), count: told.writers.length })}
        </Alert>
      )}
      {changed && (
        <Alert
          tone="info"
          actions={
            <Button size="sm" onClick={see}>
              {t("see")}
            </Button>
          }
        >
          {t("changed")}
        </Alert>
      )}
    </div>
  );
}
