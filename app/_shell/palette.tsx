"use client";
import { CornerDownLeft, Search } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import type { Found } from "#lib/office/search/schema";
import { leave } from "#ui/leave-guard";
import { cx } from "../_ui/class";
import type { Entry } from "./navigation";

type Item = { id: string; label: string; detail?: string; href: string };
type Section = { title: string; items: Item[] };
type Creates = { newContact: boolean; newOrganisation: boolean; newCampaign: boolean };
const nothing: Found = { contacts: [], organisations: [], campaigns: [] };
const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

export type PaletteProps = {
  entries: Omit<Entry, "icon">[];
  creates: Creates;
  /** How often it was asked for: it opens at each. */
  calls: number;
};

/** Pages, actions, and whatever the search finds, by keyboard. */
export default function Palette({ entries, creates, calls }: PaletteProps) {
  const t = useTranslations("app.palette");
  const router = useRouter();
  const dialog = useRef<HTMLDialogElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const id = useId();
  const found = useFound(query);
  const sections = useSections(entries, creates, query, found);
  const items = sections.flatMap((section) => section.items);

  useEffect(() => {
    if (calls === 0) return;
    if (!dialog.current?.open) dialog.current?.showModal();
    setQuery("");
    setAt(0);
    input.current?.focus();
  }, [calls]);

  const go = (item: Item | undefined) => {
    if (!item) return;
    dialog.current?.close();
    void leave(() => router.push(item.href));
  };
  const keys = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && items.length > 0) {
      event.preventDefault();
      const next = (at + step + items.length) % items.length;
      setAt(next);
      document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: "nearest" });
    }
    if (event.key === "Enter") {
      event.preventDefault();
      go(items[at]);
    }
  };
  return (
    <dialog
      ref={dialog}
      {...{ closedby: "any" }}
      aria-label={t("title")}
      className="mt-[12vh] w-[calc(100%-2rem)] max-w-xl overflow-hidden rounded-card border border-line bg-raised shadow-pop"
    >
      <div className="flex items-center gap-3 border-b border-line px-4">
        <Search aria-hidden className="size-5 shrink-0 text-faint" />
        <input
          ref={input}
          role="combobox"
          aria-label={t("title")}
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={items[at] ? `${id}-${at}` : undefined}
          aria-autocomplete="list"
          autoComplete="off"
          value={query}
          placeholder={t("placeholder")}
          onChange={(event) => {
            setQuery(event.target.value);
            setAt(0);
          }}
          onKeyDown={keys}
          className="h-14 w-full bg-transparent text-base outline-none placeholder:text-faint"
        />
      </div>
      <div
        id={`${id}-list`}
        role="listbox"
        aria-label={t("title")}
        className="max-h-[min(26rem,55vh)] overflow-y-auto p-2"
      >
        {sections.map((section) => (
          <Results
            key={section.title}
            {...{ section, id, at }}
            go={() => dialog.current?.close()}
            first={items.indexOf(section.items[0] as Item)}
          />
        ))}
      </div>
      {items.length === 0 && <p className="px-4 pb-6 text-center text-faint">{t("nothing", { query })}</p>}
      <p className="sr-only" role="status">
        {query ? t("results", { count: items.length }) : ""}
      </p>
      <p className="border-t border-line px-4 py-2 text-xs text-faint pointer-coarse:hidden">{t("help")}</p>
    </dialog>
  );
}

type ResultsProps = { section: Section; first: number; id: string; at: number; go: () => void };

function Results({ section, first, id, at, go }: ResultsProps) {
  return (
    <>
      <p role="presentation" className="px-3 pt-2 pb-1 text-xs font-medium text-faint">
        {section.title}
      </p>
      {section.items.map((item, i) => (
        <Link
          key={item.id}
          href={item.href}
          id={`${id}-${first + i}`}
          role="option"
          tabIndex={-1}
          aria-selected={at === first + i}
          onClick={() => go()}
          className={cx(
            "flex min-h-10 items-center gap-3 rounded-field px-3 pointer-coarse:min-h-11",
            at === first + i ? "bg-brand-soft text-brand-text" : "hover:bg-sunken",
          )}
        >
          <span className="max-w-[70%] shrink-0 truncate font-medium">{item.label}</span>
          {item.detail && (
            <span className="min-w-0 flex-1 truncate text-end text-sm text-faint">{item.detail}</span>
          )}
          {at === first + i && <CornerDownLeft aria-hidden className="ms-auto size-4 shrink-0" />}
        </Link>
      ))}
    </>
  );
}

/** What the page knows by itself, then what the search found. */
function useSections(
  entries: Omit<Entry, "icon">[],
  creates: Creates,
  query: string,
  found: Found,
): Section[] {
  const t = useTranslations("app");
  return useMemo(() => {
    const wanted = plain(query.trim());
    const matching = (items: Item[]) => items.filter((item) => plain(item.label).includes(wanted));
    const actions = [
      creates.newContact && { id: "newContact", label: t("palette.newContact"), href: "/contacts/new" },
      creates.newOrganisation && {
        id: "newOrganisation",
        label: t("palette.newOrganisation"),
        href: "/organisations/new",
      },
      creates.newCampaign && { id: "newCampaign", label: t("palette.newCampaign"), href: "/campaigns/new" },
    ].filter((item) => item !== false);
    const pages = entries.map((entry) => ({
      id: entry.name,
      label: t(`nav.${entry.name}`),
      href: entry.href,
    }));
    return [
      { title: t("palette.contacts"), items: found.contacts.map((row) => item("contacts", row)) },
      {
        title: t("palette.organisations"),
        items: found.organisations.map((row) => item("organisations", row)),
      },
      { title: t("palette.campaigns"), items: found.campaigns.map((row) => item("campaigns", row)) },
      { title: t("palette.actions"), items: matching(actions) },
      { title: t("palette.pages"), items: matching(pages) },
    ].filter((section) => section.items.length > 0);
  }, [entries, creates, query, found, t]);
}

const item = (noun: string, row: { id: number; label: string; detail: string }): Item => ({
  id: `${noun}-${row.id}`,
  label: row.label,
  detail: row.detail,
  href: `/${noun}/${row.id}`,
});

/** The search's answer, 120 ms after the last key; a late answer to an old question is dropped. */
function useFound(query: string): Found {
  const [found, setFound] = useState<{ query: string; rows: Found }>({ query: "", rows: nothing });
  const wanted = query.trim();
  useEffect(() => {
    if (wanted.length < 2) return;
    const stop = new AbortController();
    const timer = setTimeout(async () => {
      const answer = await fetch(`/api/search?q=${encodeURIComponent(wanted)}`, {
        signal: stop.signal,
      }).catch(() => null);
      if (answer?.ok) setFound({ query: wanted, rows: (await answer.json()) as Found });
    }, 120);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [wanted]);
  return wanted.length < 2 ? nothing : found.rows;
}
