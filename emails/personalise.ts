import { Liquid, type Template, TokenKind } from "liquidjs";
import type { Variables } from "./variables.ts";

/** `html` escapes every value; `text` does not; `header` also forbids line breaks and control characters. */
export type Format = "html" | "text" | "header";

export type Slot = {
  /** The Liquid this slot was cut from. */
  source: string;
  value(variables: Variables): string;
};

/** Always one more static than slots: statics[0] slots[0] statics[1] … */
export type SplitTemplate = { statics: readonly string[]; slots: readonly Slot[] };

// Characters written and read, milliseconds: what no letter comes near. The last fence, for what was frozen before
// variables.ts knew better; letters themselves hold nothing but outputs with literal arguments.
const limits = { memoryLimit: 10_000_000, parseLimit: 10_000_000, renderLimit: 10_000 };
const escaping = new Liquid({ outputEscape: "escape", cache: false, ...limits });
const plain = new Liquid({ cache: false, ...limits });

/**
 * One recipient's copy by LiquidJS: the reference `splitSlots` is measured against.
 * Throws a ParseError when the template is not Liquid.
 */
export function renderFor(template: string, variables: Variables, format: Format = "html"): string {
  const engine = format === "html" ? escaping : plain;
  return finish(engine.parseAndRenderSync(template, variables), format);
}

/**
 * Cuts a frozen template once so that each recipient costs a splice. Plain outputs with at most a `default` are
 * read directly; any other output is rendered by LiquidJS alone; a template with tags is one slot, because tags
 * may carry state from one place to another. Throws a ParseError when the template is not Liquid.
 */
export function splitSlots(template: string, format: Format = "html"): SplitTemplate {
  const engine = format === "html" ? escaping : plain;
  const templates = engine.parse(template);
  if (templates.some((part) => part.token.kind === TokenKind.Tag)) {
    const value = (variables: Variables) => renderFor(template, variables, format);
    return { statics: ["", ""], slots: [{ source: template, value }] };
  }
  const statics = [""];
  const slots: Slot[] = [];
  for (const part of templates) {
    const slot = part.token.kind === TokenKind.Output ? slotOf(part, engine, format) : undefined;
    if (slot) {
      slots.push(slot);
      statics.push("");
    } else {
      statics.push(statics.pop() + finish(String(engine.renderSync([part], {})), format));
    }
  }
  return { statics, slots };
}

/** The copy of one recipient: identical to `renderFor` on the template that was split. */
export function splice({ statics, slots }: SplitTemplate, variables: Variables): string {
  const parts: string[] = [statics[0] ?? ""];
  for (let i = 0; i < slots.length; i++) {
    parts.push(slots[i]?.value(variables) ?? "", statics[i + 1] ?? "");
  }
  return parts.join("");
}

/** The same template with the slots of one group (`words`) filled for good: what many recipients have in common. */
export function fill({ statics, slots }: SplitTemplate, group: string, variables: Variables): SplitTemplate {
  const ours = new RegExp(`^\\{\\{ ${group}\\.\\w+ \\}\\}$`);
  const filled = { statics: [statics[0] ?? ""], slots: [] as Slot[] };
  slots.forEach((slot, i) => {
    const next = statics[i + 1] ?? "";
    if (ours.test(slot.source)) {
      filled.statics.push(`${filled.statics.pop()}${slot.value(variables)}${next}`);
      return;
    }
    filled.slots.push(slot);
    filled.statics.push(next);
  });
  return filled;
}

const simple =
  /^\{\{\s*([a-zA-Z]\w*)\.([a-zA-Z]\w*)\s*(?:\|\s*default:\s*(?:"([^"\\]*)"|'([^'\\]*)')\s*)?\}\}$/;
const literal = /^\{\{\s*(?:"[^"\\]*"|'[^'\\]*')\s*\}\}$/;
// LiquidJS gives these names a meaning of their own on strings and arrays.
const special = new Set(["size", "first", "last"]);

function slotOf(part: Template, engine: Liquid, format: Format): Slot | undefined {
  const source = part.token.getText();
  if (literal.test(source)) return undefined;
  const [, group = "", name = "", double, single] = simple.exec(source) ?? [];
  if (!group || special.has(name) || group in Object.prototype || name in Object.prototype) {
    return {
      source,
      value: (variables) => finish(String(engine.renderSync([part], variables)), format),
    };
  }
  const fallback = encode(double ?? single ?? "", format);
  const value = (variables: Variables) => {
    const found = variables[group]?.[name];
    if (found === undefined || found === null || found === "") return fallback;
    return encode(String(found), format);
  };
  return { source, value };
}

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&#34;",
  "'": "&#39;",
};

function encode(value: string, format: Format): string {
  if (format !== "html") return finish(value, format);
  return value.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

function finish(rendered: string, format: Format): string {
  // A line break in a subject would start a header of the writer's choice.
  return format === "header" ? rendered.replace(/[\p{Cc}\u2028\u2029]/gu, " ") : rendered;
}
