"use client";
import { Square } from "lucide-react";
import { useRouter } from "next/navigation";
import { useFormatter, useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import type { Progress as Far } from "#lib/sites/sources/queries";
import { ActionButton } from "#ui/action-button";
import { Card } from "#ui/card";
import { Progress } from "#ui/progress";
import { cancel } from "../../actions";

type Props = { id: number; first: Far; stops: boolean };

/** Asks every second how far the run is, and shows the page anew when it begins and when it is over. */
export function Live({ id, first, stops }: Props) {
  const t = useTranslations("sources");
  const far = useProgress(id, first);
  const { status, planned, written, goesBack } = far;
  return (
    <Card>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
        <span
          aria-hidden
          className="size-5 shrink-0 animate-spin rounded-full border-2 border-line border-t-brand motion-reduce:animate-none"
        />
        {/* What it does is said aloud when it changes; figures that turn every second are for who looks. */}
        <p role="status" className="min-w-0 flex-1 basis-40">
          <Phase {...far} />
        </p>
        {far.cancelled ? (
          <p className="text-soft">{t("cancelling")}</p>
        ) : (
          stops && (
            <ActionButton
              action={cancel}
              fields={{ id }}
              namespace="sources"
              size="sm"
              icon={<Square aria-hidden />}
            >
              {t("stop")}
            </ActionButton>
          )
        )}
      </div>
      {status === "running" && !goesBack && !far.receiving && (
        <div className="mt-5 flex flex-col gap-5">
          {planned > 0 && (
            <Progress
              label={t("run.writing")}
              labelHidden
              value={written}
              max={planned}
              text={t("run.written", { written, planned })}
            />
          )}
          <Figures {...far} />
        </div>
      )}
    </Card>
  );
}

function useProgress(id: number, first: Far): Far {
  const router = useRouter();
  const [progress, setProgress] = useState(first);
  useEffect(() => {
    const timer = setInterval(async () => {
      const answer = await fetch(`/sources/runs/${id}/progress`).catch(() => null);
      if (!answer?.ok) return;
      const now: Far = await answer.json();
      setProgress(now);
      // What the page says of its state around this card follows.
      if (now.status !== first.status) router.refresh();
    }, 1000);
    return () => clearInterval(timer);
  }, [id, router, first.status]);
  return progress;
}

function Phase({ status, receiving, bytesRead, matched, planned, goesBack }: Far) {
  const t = useTranslations("sources.run");
  const format = useFormatter();
  const megabytes = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
  if (goesBack) return t("goingBack");
  if (planned > 0) return t("writing");
  if (status === "queued") return t("waiting");
  if (receiving) return t("fetching", { megabytes: format.number(bytesRead / 1e6, megabytes) });
  return matched === null ? t("reading") : t("comparing");
}

const figures = ["rowsRead", "matched", "changed", "left"] as const;

/** What is not known yet is not nothing. */
function Figures(far: Far) {
  const t = useTranslations("sources.run.live");
  const format = useFormatter();
  return (
    <dl className="grid grid-cols-2 gap-x-4 gap-y-4 sm:grid-cols-4">
      {figures.map((key) => (
        <div key={key} className="flex flex-col gap-0.5 border-s-2 border-line ps-3">
          <dt className="text-sm text-faint">{t(key)}</dt>
          <dd className="nums font-display text-xl leading-tight font-semibold tracking-tight">
            {far[key] === null ? "–" : format.number(far[key])}
          </dd>
        </div>
      ))}
    </dl>
  );
}
