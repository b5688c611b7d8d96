"use client";
import { ChevronDown } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { Button, ComboBox, Input, ListBox, ListBoxItem, Popover } from "react-aria-components";
import { FieldFrame, type FieldProps, useFieldWiring } from "./field";
import { popoverClass } from "./menu";

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

/** A list one types into. The chosen value travels in a hidden input called `name`. */
export function Combobox(props: Props) {
  const { name, options = [], searchHref, defaultValue, required, placeholder, onChoose } = props;
  const t = useTranslations("ui");
  const wiring = useFieldWiring({ name, error: props.error, hint: props.hint });
  const [chosen, setChosen] = useState<string | null>(wiring.typed ?? defaultValue ?? null);
  const [text, setText] = useState(options.find((option) => option.value === chosen)?.label ?? "");
  // An open dialog lies above the whole page: its list must open inside it.
  const [dialog, setDialog] = useState<Element | null>(null);
  const found = useSearch(searchHref, text, options);
  const choose = (value: string | null) => {
    setChosen(value);
    setText(found.find((option) => option.value === value)?.label ?? "");
    onChoose?.(value);
  };
  return (
    <FieldFrame
      label={props.label}
      labelHidden={props.labelHidden}
      hint={props.hint}
      className={props.className}
      required={required}
      id={wiring.id}
      message={wiring.error}
    >
      <input type="hidden" name={name} value={chosen ?? ""} />
      <ComboBox
        ref={(element: HTMLElement | null) => setDialog(element?.closest("dialog") ?? null)}
        aria-label={typeof props.label === "string" ? props.label : name}
        aria-describedby={wiring.aria["aria-describedby"]}
        isInvalid={Boolean(wiring.error)}
        items={searchHref ? found : undefined}
        defaultItems={searchHref ? undefined : found}
        inputValue={text}
        onInputChange={setText}
        selectedKey={chosen}
        onSelectionChange={(key) => choose(key === null ? null : String(key))}
        allowsEmptyCollection
        menuTrigger="focus"
      >
        <div className="relative">
          <Input id={wiring.id} placeholder={placeholder} className="field-box pe-10" />
          <Button
            aria-label={t("open")}
            className="absolute inset-y-0 end-0 flex w-10 items-center justify-center text-faint"
          >
            <ChevronDown aria-hidden className="size-4" />
          </Button>
        </div>
        <Popover
          UNSTABLE_portalContainer={dialog ?? undefined}
          className={`${popoverClass} w-(--trigger-width) max-h-80!`}
        >
          <ListBox<ComboOption>
            renderEmptyState={() => <p className="px-2.5 py-2 text-sm text-faint">{t("nothingFound")}</p>}
          >
            {(option) => (
              <ListBoxItem
                id={option.value}
                textValue={option.label}
                className="flex min-h-9 cursor-pointer flex-col justify-center rounded-md px-2.5 py-1 text-sm outline-none data-[focused]:bg-sunken data-[selected]:font-semibold pointer-coarse:min-h-11"
              >
                {option.label}
                {option.hint && <span className="text-xs font-normal text-faint">{option.hint}</span>}
              </ListBoxItem>
            )}
          </ListBox>
        </Popover>
      </ComboBox>
    </FieldFrame>
  );
}

/** The handler's answer for what is typed, 150 ms after the last key. */
function useSearch(
  href: string | undefined,
  text: string,
  start: readonly ComboOption[],
): readonly ComboOption[] {
  const [found, setFound] = useState(start);
  useEffect(() => {
    if (!href) return;
    const stop = new AbortController();
    const timer = setTimeout(async () => {
      const address = `${href}${href.includes("?") ? "&" : "?"}q=${encodeURIComponent(text)}`;
      const answer = await fetch(address, { signal: stop.signal }).catch(() => null);
      if (answer?.ok) setFound(((await answer.json()) as { options: ComboOption[] }).options);
    }, 150);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [href, text]);
  return href ? found : start;
}
