"use client";
import { Bold, Italic, Link2, List, ListOrdered, RemoveFormatting } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ClipboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { Button } from "./button";
import { FieldError, RequiredMark } from "./field";
import { useField } from "./form-context";
import { LinkRow } from "./link-row";
import { escaped, plainer } from "./pasted";
import { useHydrated } from "./use-hydrated";

/** Puts HTML in the text where the cursor was; empty: only back to the text. */
export type Insert = (html: string) => void;
type Props = {
  name: string;
  label: string;
  defaultHtml: string;
  required?: boolean;
  autoFocus?: boolean;
  /** One more tool, opened by its button or F2: its row above the text. */
  tool?: { label: string; icon: ReactNode; row: (insert: Insert) => ReactNode };
};
type Command = "bold" | "italic" | "insertUnorderedList" | "insertOrderedList" | "removeFormat";

const buttons: { command: Command; icon: ReactNode; key?: string }[] = [
  { command: "bold", icon: <Bold aria-hidden />, key: "B" },
  { command: "italic", icon: <Italic aria-hidden />, key: "I" },
  { command: "insertUnorderedList", icon: <List aria-hidden /> },
  { command: "insertOrderedList", icon: <ListOrdered aria-hidden /> },
  { command: "removeFormat", icon: <RemoveFormatting aria-hidden /> },
];

/**
 * A text with bold, italic, lists and links: what the browser edits by itself, sent as HTML with its form. What is
 * kept of it is the server's decision (`cleanRich`); here a paste only loses its looks before one's eyes.
 */
export function RichField({ name, label, defaultHtml, required, autoFocus, tool }: Props) {
  const t = useTranslations("ui.rich");
  const id = useId();
  const field = useField(name, undefined);
  const editor = useRef<HTMLDivElement>(null);
  // The page follows each save with what the server keeps: never into the text that somebody is writing. One object for
  // good: React writes the text anew whenever it is given another, the same words or not.
  const [start] = useState(() => ({ __html: defaultHtml }));
  /** The row that is open above the text, and where one was in it. */
  const [open, setOpen] = useState<{ row: "link" | "tool"; range: Range } | null>(null);
  const hydrated = useHydrated();
  // Told when the form is read: a hidden input would be given its first value again each time React draws it.
  useEffect(() => {
    const form = editor.current?.closest("form");
    const tell = ({ formData }: FormDataEvent) => formData.set(name, editor.current?.innerHTML ?? "");
    form?.addEventListener("formdata", tell);
    return () => form?.removeEventListener("formdata", tell);
  }, [name]);
  const run = (command: string, value?: string) => {
    editor.current?.focus();
    document.execCommand(command, false, value);
  };
  const paste = (event: ClipboardEvent) => {
    event.preventDefault();
    const html = event.clipboardData.getData("text/html");
    if (html) run("insertHTML", plainer(html));
    else run("insertText", event.clipboardData.getData("text/plain"));
  };
  const place = () => {
    const selection = getSelection();
    const inside = selection?.rangeCount && editor.current?.contains(selection.anchorNode);
    return inside ? selection.getRangeAt(0).cloneRange() : endOf(editor.current);
  };
  const changed = () => editor.current?.dispatchEvent(new InputEvent("input", { bubbles: true }));
  /** Back to the text where one was, to write there; null: only back. */
  const close = (write: ((range: Range) => void) | null) => {
    setOpen(null);
    editor.current?.focus();
    if (!open) return;
    getSelection()?.removeAllRanges();
    getSelection()?.addRange(open.range);
    if (!write) return;
    write(open.range);
    changed();
  };
  const insert = (html: string) => close(html === "" ? null : () => run("insertHTML", html));
  const link = (href: string) =>
    close(
      href === ""
        ? null
        : ({ collapsed }) =>
            collapsed
              ? run("insertHTML", `<a href="${escaped(href)}">${escaped(href)}</a>&nbsp;`)
              : run("createLink", href),
    );
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <span id={`${id}-label`} className="text-sm font-medium text-ink">
        {label}
        {required && <RequiredMark />}
      </span>
      <div className="rounded-field border border-edge/45 bg-surface focus-within:border-brand-text">
        {hydrated && (
          <div
            role="toolbar"
            aria-label={t("toolbar")}
            className="flex flex-wrap gap-1 border-b border-line p-1"
          >
            {buttons.map(({ command, icon, key }) => (
              <Button
                key={command}
                variant="ghost"
                size="sm"
                icon={icon}
                title={key ? `${t(command)} (Ctrl+${key})` : t(command)}
                aria-label={t(command)}
                // The selection stays in the text.
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => {
                  run(command);
                  changed();
                }}
              />
            ))}
            <Button
              variant="ghost"
              size="sm"
              icon={<Link2 aria-hidden />}
              title={t("link")}
              aria-label={t("link")}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => setOpen({ row: "link", range: place() })}
            />
            {tool && (
              <Button
                variant="ghost"
                size="sm"
                icon={tool.icon}
                title={`${tool.label} (F2)`}
                aria-expanded={open?.row === "tool"}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => setOpen({ row: "tool", range: place() })}
              >
                {tool.label}
              </Button>
            )}
          </div>
        )}
        {open?.row === "link" && <LinkRow onLink={link} />}
        {open?.row === "tool" && tool?.row(insert)}
        {/* biome-ignore lint/a11y/useSemanticElements: a textarea holds no bold, no list and no link */}
        <div
          ref={editor}
          id={id}
          role="textbox"
          tabIndex={0}
          aria-multiline
          aria-labelledby={`${id}-label`}
          aria-invalid={field.error ? true : undefined}
          aria-describedby={field.error ? `${id}-error` : undefined}
          contentEditable={hydrated}
          suppressContentEditableWarning
          onPaste={paste}
          onKeyDown={(event) => {
            if (event.key !== "F2" || !tool) return;
            event.preventDefault();
            setOpen({ row: "tool", range: place() });
          }}
          onFocus={() => document.execCommand("defaultParagraphSeparator", false, "p")}
          // biome-ignore lint/security/noDangerouslySetInnerHtml: cleaned by the server to a few tags before it was kept
          dangerouslySetInnerHTML={start}
          className="rich min-h-56 max-w-none px-3 py-2 outline-none [overflow-wrap:anywhere]"
          data-autofocus={autoFocus || undefined}
        />
      </div>
      <FieldError id={`${id}-error`} message={field.error} />
      {!hydrated && <noscript className="text-sm text-soft">{t("noScript")}</noscript>}
    </div>
  );
}

function endOf(element: HTMLElement | null): Range {
  const range = document.createRange();
  if (element) range.selectNodeContents(element);
  range.collapse(false);
  return range;
}
