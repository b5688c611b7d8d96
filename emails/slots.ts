import { isAllowedOutput, outputsOf } from "./variables.ts";

/**
 * Keeps personal variables out of reach of Markdown, HTML escaping, wrapping and MJML: each one travels as an
 * opaque word of private-use characters and comes back as Liquid when the template is finished. A brace that is
 * not part of an allowed variable is put back so that Liquid shows it as it was typed.
 */
export type Slots = {
  /** Text as typed → text with opaque words. */
  protect(text: string): string;
  /** An output of our own, which nobody may write: its opaque word. */
  own(output: string): string;
  /** Text with opaque words → text where each variable is replaced by its fallback. */
  fallback(text: string): string;
  /** The `links.…` output an opaque word stands for, if it is exactly one. */
  isLink(text: string): boolean;
  /** Finished HTML or text with opaque words → Liquid template. */
  restore(text: string, format: "html" | "text"): string;
};

const open = "\uE000";
const close = "\uE001";
const brace = "\uE002";
const word = /\uE000(\d+)\uE001/g;
// Controls have no place in a mail, and XML refuses them; tab and newline stay.
const unwelcome = /[\uE000-\uE002\uFFFE\uFFFF]|(?![\t\n])\p{Cc}/gu;

export function createSlots(): Slots {
  const outputs: string[] = [];
  const keep = (output: string) => {
    outputs.push(output);
    return `${open}${outputs.length - 1}${close}`;
  };
  return {
    protect(text) {
      const clean = text.replace(/\r\n?/g, "\n").replace(unwelcome, "").toWellFormed();
      let kept = "";
      let from = 0;
      for (const { start, output } of outputsOf(clean)) {
        if (!isAllowedOutput(output)) continue;
        kept += clean.slice(from, start) + keep(output);
        from = start + output.length;
      }
      return (kept + clean.slice(from)).replaceAll("{", brace);
    },
    own: keep,
    fallback: (text) =>
      text
        .replace(word, (_, index: string) => fallbackOf(outputs[Number(index)] ?? ""))
        .replaceAll(brace, "{"),
    isLink(text) {
      const index = /^\uE000(\d+)\uE001$/.exec(text)?.[1];
      return index !== undefined && /^\{\{-?\s*links\.\w+\s*-?\}\}$/.test(outputs[Number(index)] ?? "");
    },
    restore: (text, format) =>
      text
        .replace(word, (_, index: string) => outputs[Number(index)] ?? "")
        .replaceAll(brace, format === "html" ? "&#123;" : '{{ "{" }}'),
  };
}

function fallbackOf(output: string): string {
  const quoted = /\|\s*default:\s*(?:"([^"]*)"|'([^']*)')/.exec(output);
  return quoted?.[1] ?? quoted?.[2] ?? "";
}
