"use client";
import { ChevronDown } from "lucide-react";
import { useTranslations } from "next-intl";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { cx } from "./class";
import { FieldFrame, type FieldProps, useFieldWiring } from "./field";

export type ComboOption = { value: string; label: string; hint?: string };
type Props = FieldProps & {
  name: string;
  /** All choices; or the first ones, when `searchHref` finds the others. */
  options?: readonly ComboOption[];
  /** A gated handler answering `{ options: ComboOption[] }` to `?q=`. */
  searchHref?: string;
  /** The value chosen at first; its label must be among `options`. */
  defaultValue?: string;
  required?: boolean;
  placeholder?: string;
  onChoose?: (value: string | null) => void;
};

/**
 * A list one types into, with the keyboard and the names of the ARIA pattern for a combobox. The chosen value travels
 * in a hidden input called `name`; a text that chooses nothing goes when the field is left.
 */
export function Combobox(props: Props) {
  const { name, label, labelHidden, hint, className, required, placeholder } = props;
  const wiring = useFieldWiring({ name, error: props.error, hint });
  const { input, chosen, text, open, at, found, ...acts } = useCombobox(props, wiring);
  const [listId, optionId] = [`${wiring.id}-list`, (i: number) => `${wiring.id}-option-${i}`];
  useEffect(() => {
    if (open) document.getElementById(at < 0 ? listId : optionId(at))?.scrollIntoView({ block: "nearest" });
  });
  return (
    <FieldFrame {...{ label, labelHidden, hint, className, required }} id={wiring.id} message={wiring.error}>
      <input type="hidden" name={name} value={chosen?.value ?? ""} />
      <div className="relative">
        <input
          {...wiring.aria}
          ref={input}
          id={wiring.id}
          role="combobox"
          aria-expanded={open}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={open && found[at] ? optionId(at) : undefined}
          aria-required={required}
          autoComplete="off"
          placeholder={placeholder}
          value={text}
          onChange={(event) => acts.type(event.target.value)}
          onKeyDown={acts.keys}
          onClick={acts.show}
          onBlur={acts.leave}
          className="field-box pe-10"
        />
        <ChevronDown
          aria-hidden
          className="pointer-events-none absolute end-3 top-1/2 size-4 -translate-y-1/2 text-faint"
        />
        <Suggestions {...{ listId, optionId, open, found, chosen, at }} choose={acts.choose} />
      </div>
    </FieldFrame>
  );
}

function useCombobox(props: Props, { typed }: { typed?: string }) {
  const { options = [], searchHref, defaultValue, onChoose } = props;
  const first = options.find(({ value }) => value === (typed ?? defaultValue)) ?? null;
  const [chosen, setChosen] = useState(first);
  const [text, setText] = useState(first?.label ?? "");
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  const found = useFound(options, searchHref, text === chosen?.label ? "" : text);

  const show = () => setOpen(true);
  const leave = () => {
    setOpen(false);
    setAt(-1);
    setText(chosen?.label ?? "");
  };
  const choose = (option: ComboOption | null) => {
    setChosen(option);
    setText(option?.label ?? "");
    setOpen(false);
    setAt(-1);
    if (option?.value !== chosen?.value) onChoose?.(option?.value ?? null);
  };
  const type = (typed: string) => {
    if (typed === "") choose(null);
    setText(typed);
    setAt(-1);
    show();
  };
  const keys = (event: KeyboardEvent) => {
    const last = found.length - 1;
    const step = { ArrowDown: at < last ? at + 1 : 0, ArrowUp: at > 0 ? at - 1 : last }[event.key];
    if (step !== undefined && last >= 0) {
      show();
      setAt(step);
    } else if (event.key === "Enter" && open && found[at]) choose(found[at]);
    // In a dialog the first Escape closes the list only.
    else if (event.key === "Escape" && open) leave();
    else return;
    event.preventDefault();
  };

  const reset = useRef(() => {});
  reset.current = () => choose(first);
  useEffect(() => {
    const form = input.current?.form;
    const empty = () => reset.current();
    form?.addEventListener("reset", empty);
    return () => form?.removeEventListener("reset", empty);
  }, []);
  return { input, chosen, text, open, at, found, show, leave, choose, type, keys };
}

type ListProps = {
  listId: string;
  optionId: (i: number) => string;
  open: boolean;
  found: readonly ComboOption[];
  chosen: ComboOption | null;
  at: number;
  choose: (option: ComboOption) => void;
};

function Suggestions({ listId, optionId, open, found, chosen, at, choose }: ListProps) {
  const t = useTranslations("ui");
  return (
    <div
      hidden={!open}
      className="absolute inset-x-0 top-full z-10 mt-1 max-h-64 overflow-y-auto rounded-card border border-line bg-raised p-1.5 text-ink shadow-pop"
    >
      <div
        id={listId}
        role="listbox"
        aria-label={t("choices")}
        // A press must not take the focus from the field, which would close the list before the choice.
        onMouseDown={(event) => event.preventDefault()}
      >
        {found.map((option, i) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keyboard
          // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus (aria-activedescendant)
          <div
            key={option.value}
            id={optionId(i)}
            role="option"
            aria-selected={option.value === chosen?.value}
            onClick={() => choose(option)}
            className={cx(
              "flex min-h-9 cursor-pointer flex-col justify-center rounded-md px-2.5 py-1 text-sm aria-selected:font-semibold pointer-coarse:min-h-11",
              i === at ? "bg-brand-soft text-brand-text" : "hover:bg-sunken",
            )}
          >
            {option.label}
            {option.hint && <span className="text-xs font-normal text-faint">{option.hint}</span>}
          </div>
        ))}
      </div>
      <p role="status" className={found.length > 0 ? "sr-only" : "px-2.5 py-2 text-sm text-faint"}>
        {open && t("found", { count: found.length })}
      </p>
    </div>
  );
}

const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** The choices that fit what is typed; the handler's, when there is one, 150 ms after the last key. */
function useFound(all: readonly ComboOption[], href: string | undefined, text: string) {
  const [answered, setAnswered] = useState(all);
  useEffect(() => {
    if (!href) return;
    const stop = new AbortController();
    const timer = setTimeout(async () => {
      const address = `${href}${href.includes("?") ? "&" : "?"}q=${encodeURIComponent(text)}`;
      const answer = await fetch(address, { signal: stop.signal }).catch(() => null);
      if (answer?.ok) setAnswered(((await answer.json()) as { options: ComboOption[] }).options);
    }, 150);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [href, text]);
  return href ? answered : all.filter((option) => plain(option.label).includes(plain(text)));
}
