/** What replacing links gives: the new HTML, and every address met once, in order of first use. */
export type RewrittenLinks = { html: string; links: string[] };

const anchor = /(<a\b[^>]*?\shref=")(https?:\/\/[^"]*)(")/gi;

/**
 * Hands every http(s) address of the links of a compiled mail to `replace`, once per distinct address, with its
 * rank from 0; the answer takes its place wherever the address stands. Links holding Liquid, `mailto:` and `tel:`
 * are left alone, so that unsubscribing never passes through a counter.
 */
export function rewriteLinks(html: string, replace: (url: string, index: number) => string): RewrittenLinks {
  const replaced = new Map<string, string>();
  const rewritten = html.replace(anchor, (whole, before: string, raw: string, after: string) => {
    if (raw.includes("{{") || raw.includes("{%")) return whole;
    const url = decode(raw);
    const target = replaced.get(url) ?? replace(url, replaced.size);
    replaced.set(url, target);
    return before + encode(target) + after;
  });
  return { html: rewritten, links: [...replaced.keys()] };
}

function decode(attribute: string): string {
  return attribute
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&#123;", "{")
    .replaceAll("&amp;", "&");
}

function encode(url: string): string {
  return url
    .replaceAll("&", "&amp;")
    .replaceAll('"', "&quot;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}
