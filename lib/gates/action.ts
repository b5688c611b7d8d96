/** The one way a form writes: who, valid, mutate, refresh. */
import { randomBytes } from "node:crypto";
import { refresh } from "next/cache.js";
import { redirect, unstable_rethrow } from "next/navigation.js";
import type { z } from "zod";
import { may, type Permission } from "#lib/department/permissions";
import { currentUser, type SessionUser } from "#lib/gates/session";
import { storable } from "#lib/machine/asked";
import { log } from "#lib/machine/log";
import { type Refusal, refused } from "#lib/machine/result";

/**
 * What a form gets back. `fields` maps a field's name to a catalog key (namespace `errors` or a full key); `goTo` is
 * followed by the handler; `values` is what was typed, for a page that comes back without JavaScript.
 */
export type ActionState = Done | ((Refused | Invalid) & { values?: Record<string, string> }) | null;
type Refused = Refusal & { theirs?: Theirs };

/** What a colleague wrote meanwhile, for a form that answers `conflict`: the values as its fields would hold them. */
export type Theirs = {
  version: string;
  values: Record<string, string>;
  /** Who wrote last, when it is known, and when. */
  by: string | null;
  at: string;
};
type Done = { ok: true; goTo?: string; data?: unknown };
type Invalid = { ok: false; fields: Record<string, string> };

type Work<S extends z.ZodType, U> = (input: z.output<S>, user: U) => Promise<ActionState>;

/** What the form calls; `run` is the same without Next, for the tests that try every action as every role. */
type Action<U> = {
  (previous: ActionState, form: FormData): Promise<ActionState>;
  run(user: U, raw: FormData | Record<string, unknown>): Promise<ActionState>;
  permission: Permission | null;
};

/**
 * A server action behind a gate. Usage, in an `actions.ts` opening with "use server":
 * `export const archive = action("contacts.edit", archiveInput, (input, user) => archiveContact(input.id, user.id))`
 */
export function action<S extends z.ZodType>(
  permission: Permission,
  schema: S,
  work: Work<S, SessionUser>,
): Action<SessionUser | null> {
  const run = async (
    user: SessionUser | null,
    raw: FormData | Record<string, unknown>,
  ): Promise<ActionState> => {
    if (!user) return { ok: false, reason: "signedOut" };
    if (!may(user.role, permission)) return { ok: false, reason: "forbidden" };
    return validated(schema, raw, (input) => work(input, user));
  };
  return Object.assign(
    async (_: ActionState, sent: FormData) => {
      const form = asForm(sent);
      return finish(await guarded(async () => run(await currentUser(), form)), form);
    },
    { run, permission },
  );
}

/** An action for people who never sign in; its input must carry a signed token or be harmless. Each use is on the list the gate test keeps. */
export function publicAction<S extends z.ZodType>(
  schema: S,
  work: (input: z.output<S>) => Promise<ActionState>,
): Action<null> {
  const run = (_: null, raw: FormData | Record<string, unknown>) => validated(schema, raw, work);
  return Object.assign(
    async (_: ActionState, sent: FormData) => {
      const form = asForm(sent);
      return finish(await guarded(() => run(null, form)), form);
    },
    { run, permission: null },
  );
}

/** Whoever calls by hand may send anything that React carries: what is no form is an empty one. */
const asForm = (sent: unknown): FormData => (sent instanceof FormData ? sent : new FormData());

/** The border of every action: what nobody expected is logged under a reference, and the form comes back as typed. */
async function guarded(run: () => Promise<ActionState>): Promise<ActionState> {
  try {
    return await run();
  } catch (error) {
    // Next's own way of leaving: redirections, not found.
    unstable_rethrow(error);
    // lock_not_available: somebody else writes the same rows for longer than a person should wait.
    if ((error as { code?: string }).code === "55P03") return refused("busy");
    const reference = randomBytes(4).toString("hex");
    log.error({ err: error, reference }, "action failed");
    return refused("failed", { reference });
  }
}

/** A record of now as the fields of its form would hold it, for `theirs`. */
export function theirsOf(now: { updatedAt: Date }, names: readonly string[], by: string | null): Theirs {
  const at = now.updatedAt.toISOString();
  const record = now as Record<string, unknown>;
  const values = Object.fromEntries(names.map((name) => [name, String(record[name] ?? "")]));
  return { version: at, at, values, by };
}

function finish(state: ActionState, form: FormData): ActionState {
  if (!state?.ok) return state && { ...state, values: typed(form) };
  if (state.goTo) redirect(state.goTo);
  refresh();
  return state;
}

/** What goes back into the fields after a refusal: never a password, a token or a file. */
function typed(form: FormData): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of form)
    if (typeof value === "string" && !/^\$ACTION|password|token|secret/i.test(name)) values[name] = value;
  return values;
}

async function validated<S extends z.ZodType>(
  schema: S,
  raw: FormData | Record<string, unknown>,
  work: (input: z.output<S>) => Promise<ActionState>,
): Promise<ActionState> {
  const parsed = schema.safeParse(raw instanceof FormData ? fromForm(raw) : raw);
  if (parsed.success) return work(parsed.data);
  const fields: Record<string, string> = {};
  for (const issue of parsed.error.issues) fields[issue.path.join(".")] ??= issueKey(issue);
  return { ok: false, fields };
}

/** Text as a column can hold it. Repeated fields (or names ending in []) become arrays; files stay files; Next's own fields are dropped. */
export function fromForm(form: FormData): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const key of new Set(form.keys())) {
    if (key.startsWith("$ACTION")) continue;
    const all = form.getAll(key).map((value) => (typeof value === "string" ? storable(value) : value));
    if (key.endsWith("[]")) input[key.slice(0, -2)] = all;
    else input[key] = all.length > 1 ? all : all[0];
  }
  return input;
}

/** Our schemas put catalog keys in their messages (`z.string().min(1, "required")`); zod's own sentences fall back to « invalid ». */
const issueKey = (issue: { message: string }) => (/^[\w.]+$/.test(issue.message) ? issue.message : "invalid");
