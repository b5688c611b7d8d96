/** What is pasted into a rich text. */

export const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

const kept = new Set(["P", "BR", "B", "STRONG", "I", "EM", "UL", "OL", "LI", "A", "DIV"]);
const silent = new Set([
  "SCRIPT",
  "STYLE",
  "HEAD",
  "TITLE",
  "TEMPLATE",
  "META",
  "LINK",
  "SVG",
  "IFRAME",
  "OBJECT",
]);

/** What was copied without its looks. The document it is read in is inert: it runs nothing and fetches nothing. */
export function plainer(html: string): string {
  const { body } = new DOMParser().parseFromString(html, "text/html");
  const clean = (node: Node): string => {
    if (node.nodeType === Node.TEXT_NODE) return escaped((node.textContent ?? "").replace(/\s+/g, " "));
    if (!(node instanceof Element) || silent.has(node.tagName.toUpperCase())) return "";
    const inner = [...node.childNodes].map(clean).join("");
    const tag = node.tagName.toUpperCase();
    if (!kept.has(tag)) return inner;
    if (tag === "BR") return "<br>";
    const name = tag === "DIV" ? "p" : tag.toLowerCase();
    const href = tag === "A" ? node.getAttribute("href") : null;
    if (tag === "A")
      return href && /^(?:https?:|mailto:)/i.test(href) ? `<a href="${escaped(href)}">${inner}</a>` : inner;
    return `<${name}>${inner}</${name}>`;
  };
  return [...body.childNodes].map(clean).join("");
}
