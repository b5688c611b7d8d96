"use client";
import { useFormatter, useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import type { SegmentCount, SegmentMember } from "#lib/people/segments/queries";
import { Card } from "#ui/card";

type Counted = SegmentCount & { members: SegmentMember[] };

/** How many people the form around it means, a moment after each change. */
export function LiveCount({ start }: { start: Counted }) {
  const t = useTranslations("segments");
  const place = useRef<HTMLDivElement>(null);
  const [found, setFound] = useState<Counted | null>(start);
  const [state, setState] = useState<"idle" | "counting" | "failed">("idle");
  useEffect(() => {
    const form = place.current?.closest("form");
    if (!form) return;
    return watch(form, setState, setFound);
  }, []);
  return (
    <div ref={place} className="lg:sticky lg:top-6">
      <Card title={t("countTitle")}>
        <div role="status" className="flex flex-col gap-1">
          <p className="nums font-display text-2xl font-semibold">
            {state === "failed" || !found ? t("countFailed") : <People {...found} />}
          </p>
          <p className={state === "counting" ? "text-sm text-faint" : "sr-only"}>
            {state === "counting" && t("counting")}
          </p>
        </div>
        <p className="mt-1 text-sm text-faint">{t("countNote")}</p>
        {state !== "failed" && found && found.members.length > 0 && <Members members={found.members} />}
      </Card>
    </div>
  );
}

function People({ count, exact }: SegmentCount) {
  const t = useTranslations("segments");
  const formatted = useFormatter().number(count);
  return exact ? t("people", { count, formatted }) : t("about", { formatted });
}

function Members({ members }: { members: SegmentMember[] }) {
  const t = useTranslations("segments");
  return (
    <>
      <h3 className="mt-4 text-sm font-medium">{t("first")}</h3>
      <ul className="mt-2 flex flex-col gap-1.5 text-sm">
        {members.map(({ id, firstName, lastName, graduationYear, city, address }) => (
          <li key={id} className="min-w-0">
            <span className="font-medium">
              {firstName} {lastName}
            </span>{" "}
            <span className="text-faint">
              {[
                graduationYear && t("promotion", { year: String(graduationYear) }),
                city,
                !address && t("noAddress"),
              ]
                .filter(Boolean)
                .join(" · ")}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Asks again 350 ms after the last change; an answer overtaken by another change is dropped. */
function watch(
  form: HTMLFormElement,
  setState: (state: "idle" | "counting" | "failed") => void,
  setFound: (found: Counted) => void,
) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = new AbortController();
  const ask = async () => {
    asked.abort();
    asked = new AbortController();
    const { signal } = asked;
    const search = new URLSearchParams();
    for (const [name, value] of new FormData(form))
      if (typeof value === "string" && value !== "" && !name.startsWith("$")) search.append(name, value);
    setState("counting");
    try {
      const answer = await fetch(`/segments/count?${search}`, { signal });
      if (answer.ok) setFound(await answer.json());
      setState(answer.ok ? "idle" : "failed");
    } catch {
      if (!signal.aborted) setState("failed");
    }
  };
  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 350);
  };
  form.addEventListener("input", changed);
  return () => {
    form.removeEventListener("input", changed);
    clearTimeout(timer);
    asked.abort();
  };
}
