// Where a report ends and the message that came back begins.
import { type Headers, htmlToLines, type Mail, splitHead } from "#lib/machine/mime/mail";

/** The words of the reporter, and what follows them: the returned message, when it stands in the text. */
export function reporterText(mail: Mail): { text: string; tail: string } {
  const bodies = mail.parts.filter((part) => !part.returned && part.type === "text/plain");
  let text = bodies.map((part) => part.text).join("\n");
  if (text.trim() === "") {
    const html = mail.parts.filter(
      (part) => !part.returned && part.type.startsWith("text/") && part.type !== "text/calendar",
    );
    text = html.map((part) => htmlToLines(part.text).replace(/\s{0,500}\n\s{0,500}/g, "\n")).join("\n");
  }
  const cut = returnedFrom(text);
  return { text: text.slice(0, cut), tail: text.slice(cut) };
}

const RETURNED =
  /^(?:received|return-path|message-id|mime-version|from|to|subject|date|content-type|x-[\w-]{1,40}|delivered-to|dkim-signature|authentication-results|sender|reply-to) {0,2}:/i;

const SEPARATOR =
  /^[-*_=|> \t]{0,60}(?:(?:this|below|enclosed|included)(?: this line)? is a copy of|original (?:message|mail) ?(?:follows|info|-|\.|$)|unsent message|undelivered message|message headers? follow|the header of the original|(?:original )?message text follows|(?:start of )?returned message|non-delivered message|message d'origine|copie du message|message original)/im;

/** Offset where the report ends: at the line that says so, else where the returned header begins. */
function returnedFrom(text: string): number {
  const said = SEPARATOR.exec(text);
  const sure = said && (/is a copy/i.test(said[0]) || /^[\w-]{2,40}:/m.test(text.slice(said.index)));
  return Math.min(sure ? said.index : text.length, headerFrom(text));
}

/** Three header lines in a row, of which one only a mail has. */
function headerFrom(text: string): number {
  let at = 0;
  let start = -1;
  let count = 0;
  let sure = false;
  for (const line of text.split("\n")) {
    if (RETURNED.test(line)) {
      if (start < 0) start = at;
      count += 1;
      sure ||= /^(?:received|return-path|message-id|mime-version) {0,2}:/i.test(line);
      if (count >= 3 && sure) return start;
    } else if (start < 0 || !/^[ \t]+\S/.test(line)) {
      start = -1;
      count = 0;
      sure = false;
    }
    at += line.length + 1;
  }
  return text.length;
}

/** Header of the returned message: from its own part, else a header block wherever the reporter left one. */
export function originalHeaders(mail: Mail, tail: string): Headers {
  for (const part of mail.parts) {
    if (!part.returned) continue;
    const { headers } = splitHead(part.text);
    if (headers.size > 0) return headers;
  }
  const start = tail.split("\n", 40).findIndex((line) => RETURNED.test(line));
  if (start >= 0) return splitHead(tail.split("\n").slice(start).join("\n")).headers;
  for (const part of mail.parts.slice(1)) {
    // Attached without a type of its own, its header passes for that of the part.
    if (part.headers.has("received")) return part.headers;
    // Behind a damaged boundary, it follows the fields of the report.
    const { headers } = splitHead(part.text.slice(headerFrom(part.text)));
    if (headers.has("message-id") || headers.has("received")) return headers;
  }
  return new Map();
}
