"use client";
import { PenLine } from "lucide-react";
import { useTranslations } from "next-intl";
import { useSyncExternalStore } from "react";
import { useHydrated } from "#app/_ui/use-hydrated.ts";
import type { Event } from "#lib/people/activities/came";
import { ActionButton } from "#ui/action-button";
import { Button } from "#ui/button";
import { checkboxClass } from "#ui/checkbox";
import { write } from "../letters/actions";
import { Came } from "./came";

/** Who was ticked, page after page of the list, until it is written to or let go; a reload lets go too. */
let chosen: readonly number[] = [];
const listeners = new Set<() => void>();
const nobody: readonly number[] = [];
const choose = (next: readonly number[]) => {
  chosen = next;
  for (const listener of listeners) listener();
};
const useChosen = () =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => chosen,
    () => nobody,
  );

/** Ticks one row. */
export function Choose({ id, name }: { id: number; name: string }) {
  const t = useTranslations("letters.selection");
  const all = useChosen();
  return (
    <input
      type="checkbox"
      className={`${checkboxClass} relative z-10`}
      aria-label={t("choose", { name })}
      checked={all.includes(id)}
      disabled={!useHydrated()}
      onChange={(event) =>
        choose(event.target.checked ? [...chosen, id] : chosen.filter((one) => one !== id))
      }
    />
  );
}

/** A letter to whoever is ticked; more than fifty, it says to prepare a campaign. `events`: who may also say that they came. */
export function ForChosen({ events }: { events: readonly Event[] | null }) {
  const t = useTranslations("letters.selection");
  const all = useChosen();
  return (
    <div role="status" className="empty:hidden">
      {all.length > 0 && (
        <div className="mb-4 flex flex-wrap items-center gap-3 rounded-card border border-line bg-raised px-5 py-3">
          <p className="font-medium">{t("count", { count: all.length })}</p>
          <ActionButton
            action={async (before, form) => {
              const answer = await write(before, form);
              if (answer?.ok) choose(nobody);
              return answer;
            }}
            fields={{ contacts: all.join(",") }}
            namespace="letters"
            done={t("done")}
            variant="primary"
            icon={<PenLine aria-hidden />}
          >
            {t("write")}
          </ActionButton>
          {events && <Came contacts={all} events={events} />}
          <Button variant="ghost" onClick={() => choose(nobody)}>
            {t("none")}
          </Button>
        </div>
      )}
    </div>
  );
}
