import type { Block } from "./blocks.ts";
import { footerOutput } from "./footer.ts";
import { linkTarget } from "./href.ts";
import type { Letter } from "./letter.ts";
import { markdownToText } from "./markdown.ts";
import { words } from "./words.ts";

const columns = 72;

/** The letter for those who read plain text: written from the blocks, wrapped at 72, addresses never cut. */
export function letterText(letter: Letter): string {
  const say = words[letter.locale];
  const kicker = [say.models[letter.model], letter.issue].filter(Boolean).join(" · ");
  const parts = [
    wrap(kicker),
    underlined(letter.title, "="),
    ...letter.blocks.map((block) => blockText(block, letter)),
    letter.signature.map((line) => wrap(line)).join("\n"),
    footer(letter),
  ];
  return `${parts.filter((part) => part.trim() !== "").join("\n\n")}\n`;
}

function blockText(block: Block, letter: Letter): string {
  const { slots } = letter;
  switch (block.type) {
    case "text":
      return wrap(markdownToText(block.markdown, slots));
    case "heading":
      return underlined(block.text, "-");
    case "article":
      return [
        underlined(block.title, "-"),
        wrap(markdownToText(block.markdown, slots)),
        block.link ? pointer(block.link.label, block.link.url, letter) : "",
      ]
        .filter((part) => part !== "")
        .join("\n\n");
    case "button":
      return pointer(block.label, block.url, letter);
    case "image":
      return wrap(
        [block.image.decorative ? "" : `[${block.image.alt}]`, block.caption].filter(Boolean).join("\n"),
      );
    case "quote":
      return indent(wrap(markdownToText(block.markdown, slots), columns - 4), block.author);
    case "figures":
      return block.items.map((item) => wrap(`- ${item.value} ${item.label}`)).join("\n");
    case "divider":
      return "* * *";
  }
}

function pointer(label: string, url: string, letter: Letter): string {
  const target = linkTarget(url, letter.slots);
  return target === null ? wrap(label) : `${wrap(`→ ${label}`)}\n  ${target}`;
}

function footer(letter: Letter): string {
  const { slots, brand } = letter;
  const say = (name: Parameters<typeof footerOutput>[0]) => slots.own(footerOutput(name));
  const ways = [
    [say("unsubscribe"), slots.protect("{{ links.unsubscribe }}")],
    [say("preferences"), slots.protect("{{ links.preferences }}")],
    [say("online"), slots.protect("{{ links.online }}")],
    [say("privacy"), brand.privacyUrl],
  ];
  return [
    "-".repeat(columns),
    say("reasonText"),
    "",
    ...ways.map(([label, url]) => `${label}${say("colon")}\n  ${url}`),
    "",
    ...[brand.name, ...brand.postalAddress].map((line) => wrap(line)),
  ].join("\n");
}

function underlined(title: string, mark: string): string {
  const lines = wrap(title);
  const longest = Math.max(...lines.split("\n").map(measure));
  return `${lines}\n${mark.repeat(Math.min(longest, columns))}`;
}

function indent(text: string, author: string): string {
  const quoted = text.split("\n").map((line) => `  | ${line}`.trimEnd());
  return [...quoted, ...(author ? [`  — ${author}`] : [])].join("\n");
}

/** Breaks lines at ordinary spaces only, so that no-break spaces hold; list items hang under their mark. */
export function wrap(text: string, limit = columns): string {
  return text
    .split("\n")
    .map((line) => wrapLine(line, limit))
    .join("\n");
}

function wrapLine(line: string, limit: number): string {
  const hanging = " ".repeat(/^(?:-|→|\d+\.) /.exec(line)?.[0].length ?? 0);
  const lines: string[] = [];
  let current = "";
  for (const word of line.split(/[ \t]+/)) {
    const longer = current === "" ? word : `${current} ${word}`;
    if (current.trim() !== "" && measure(longer) > limit) {
      lines.push(current);
      current = hanging + word;
    } else {
      current = longer;
    }
  }
  return [...lines, current].join("\n");
}

/** Length as a reader will see it, a personal variable counting as a first name would. */
function measure(text: string): number {
  return [...text.replace(/\uE000\d+\uE001/g, "Marie-Hélène")].length;
}
