"use client";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { Card } from "#ui/card";

type Progress = { status: string; rowsRead: number };

/** Asks every second how far the run is, and shows the page anew when it is over. */
export function Live({ id, status, rowsRead }: Progress & { id: number }) {
  const t = useTranslations("sources");
  const router = useRouter();
  const [progress, setProgress] = useState<Progress>({ status, rowsRead });
  useEffect(() => {
    const timer = setInterval(async () => {
      const answer = await fetch(`/sources/runs/${id}/progress`).catch(() => null);
      if (!answer?.ok) return;
      const now: Progress = await answer.json();
      setProgress(now);
      if (now.status === "succeeded" || now.status === "failed") router.refresh();
    }, 1000);
    return () => clearInterval(timer);
  }, [id, router]);
  return (
    <Card>
      <div role="status" className="flex items-center gap-4 py-2">
        <span
          aria-hidden
          className="size-5 shrink-0 animate-spin rounded-full border-2 border-line border-t-brand motion-reduce:animate-none"
        />
        <p className="nums">
          {progress.status === "queued" ? t("run.waiting") : t("run.reading", { count: progress.rowsRead })}
        </p>
      </div>
    </Card>
  );
}
