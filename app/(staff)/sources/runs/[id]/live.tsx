"use client";
import { Square } from "lucide-react";
import { useRouter } from "next/navigation";
import { useFormatter, useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import type { Progress } from "#lib/sites/sources/queries";
import { ActionButton } from "#ui/action-button";
import { Card } from "#ui/card";
import { cancel } from "../../actions";

/** Asks every second how far the run is, and shows the page anew when it is over. */
export function Live({ id, first, stops }: { id: number; first: Progress; stops: boolean }) {
  const t = useTranslations("sources");
  const format = useFormatter();
  const router = useRouter();
  const [progress, setProgress] = useState(first);
  useEffect(() => {
    const timer = setInterval(async () => {
      const answer = await fetch(`/sources/runs/${id}/progress`).catch(() => null);
      if (!answer?.ok) return;
      const now: Progress = await answer.json();
      setProgress(now);
      if (now.status !== "queued" && now.status !== "running") router.refresh();
    }, 1000);
    return () => clearInterval(timer);
  }, [id, router]);
  const told = () => {
    const { status, receiving, bytesRead, rowsRead, changed, written, planned, goesBack } = progress;
    const megabytes = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
    if (goesBack) return t("run.goingBack");
    if (planned > 0)
      return t("run.writing", { written, planned, changed, left: Math.max(0, planned - written) });
    if (status === "queued") return t("run.waiting");
    if (receiving) return t("run.fetching", { megabytes: format.number(bytesRead / 1e6, megabytes) });
    return t("run.reading", { count: rowsRead });
  };
  return (
    <Card>
      <div role="status" className="flex items-center gap-4 py-2">
        <span
          aria-hidden
          className="size-5 shrink-0 animate-spin rounded-full border-2 border-line border-t-brand motion-reduce:animate-none"
        />
        <p className="nums">{told()}</p>
        {progress.cancelled ? (
          <p className="ms-auto text-soft">{t("cancelling")}</p>
        ) : (
          stops && (
            <span className="ms-auto">
              <ActionButton
                action={cancel}
                fields={{ id }}
                namespace="sources"
                size="sm"
                icon={<Square aria-hidden />}
              >
                {t("stop")}
              </ActionButton>
            </span>
          )
        )}
      </div>
    </Card>
  );
}
