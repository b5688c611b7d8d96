import type { Notice } from "#lib/returns/bounces/parse";

type Entry = { emailAddress?: unknown; action?: unknown; status?: unknown; diagnosticCode?: unknown };
type Event = { recipients: Entry[]; kind: string };

const MAX_ENTRIES = 500;

/**
 * Reads a delivery event sent as JSON in the body, as some relays do (bare or wrapped in
 * `{ Message: "…" }`). Empty when the text is none.
 */
export function readNotification(text: string): Notice[] {
  const event = eventOf(text, 0);
  if (!event) return [];
  return event.recipients.slice(0, MAX_ENTRIES).map((entry) => ({
    recipient: word(entry.emailAddress) || null,
    originalRecipient: null,
    action:
      event.kind === "delivery"
        ? "delivered"
        : event.kind === "complaint"
          ? "complaint"
          : word(entry.action) || "failed",
    status: word(entry.status),
    text: word(entry.diagnosticCode).replace(/^smtp;\s*/i, ""),
  }));
}

function eventOf(text: string, depth: number): Event | null {
  const from = text.indexOf("{");
  const to = text.lastIndexOf("}");
  if (depth > 2 || from < 0 || to < from || !/notificationType/.test(text)) return null;
  const json = parsed(text.slice(from, to + 1));
  if (!json) return null;
  if (typeof json.Message === "string") return eventOf(json.Message, depth + 1);
  const kind = word(json.notificationType).toLowerCase();
  const body = json[kind];
  if (!isRecord(body)) return null;
  const list = body.bouncedRecipients ?? body.complainedRecipients ?? body.recipients;
  if (!Array.isArray(list)) return null;
  return { kind, recipients: list.map((one) => (isRecord(one) ? one : { emailAddress: one })) };
}

function parsed(text: string): Record<string, unknown> | null {
  // Mail folds long lines: a raw newline inside a string is never part of it.
  for (const candidate of [text, text.replaceAll("\n", "")]) {
    try {
      const value: unknown = JSON.parse(candidate);
      return isRecord(value) ? value : null;
    } catch {
      // Not this form: the next one, or not an event at all.
    }
  }
  return null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function word(value: unknown): string {
  return typeof value === "string" ? value : "";
}
