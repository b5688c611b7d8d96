import { z } from "zod";
import { rowId } from "#lib/machine/asked";

/** Who asked, and how: one click is the mail program's button (RFC 8058), mailto its older form (RFC 2369). */
export type Via = "page" | "one_click" | "mailto" | "complaint" | "staff";

export const scopes = ["topic", "all"] as const;
export type Scope = (typeof scopes)[number];

const token = z.string().min(1).max(200);

export const unsubscribeInput = z.object({ token, scope: z.enum(scopes).default("topic") });
export const resubscribeInput = z.object({ token, scope: z.enum(scopes).default("topic") });
export const tokenInput = z.object({ token });
export const preferencesInput = z.object({
  token,
  topics: z.array(rowId()).max(100).default([]),
});
