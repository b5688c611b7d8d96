/** Finds every way into the application and the gate it opens with, by reading `app/` itself. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import type { Permission } from "#lib/department/permissions";
import type { ActionState } from "#lib/gates/action";
import type { SessionUser } from "#lib/gates/session";

const root = join(import.meta.dirname, "../../app");

export type Gate = {
  kind: "page" | "action" | "handler";
  /** The address of a page or handler; `<folder>#<export>` of an action. */
  name: string;
  file: string;
  /** Null: public. Undefined: no gate was found, which the test refuses. */
  permission: Permission | null | undefined;
  run?: (user: SessionUser | null, raw: Record<string, unknown>) => Promise<ActionState>;
};

/** Pages that only exist in development. */
const development = "%5Fui/";

export async function listGates(): Promise<Gate[]> {
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).sort();
  const gates: Gate[] = [];
  for (const file of files) {
    if (file.startsWith(development)) continue;
    if (/(^|\/)page\.tsx$/.test(file)) gates.push(pageGate(file));
    if (/(^|\/)actions\.ts$/.test(file)) gates.push(...(await actionGates(file)));
    if (/(^|\/)route\.ts$/.test(file)) gates.push(...(await handlerGates(file)));
  }
  return gates;
}

/** `(staff)/contacts/[id]/page.tsx` is `/contacts/[id]`. */
const address = (file: string) =>
  `/${file.replace(/(^|\/)(page\.tsx|route\.ts|actions\.ts)$/, "").replace(/\([^)]*\)\/?/g, "")}`.replace(
    /(.)\/$/,
    "$1",
  );

function pageGate(file: string): Gate {
  const permission = firstGate(readFileSync(join(root, file), "utf8"));
  return {
    kind: "page",
    name: address(file),
    file,
    permission: permission ?? (file.startsWith("(staff)") ? undefined : null),
  };
}

const gate = /await gate\(\s*"([\w.]+)"/;
/** Anything waited for but the page's own parameters. */
const other = /\bawait (?!params\b|searchParams\b)|\.then\(|Promise\./;

/** A page may read its own parameters before its gate, nothing else. */
function firstGate(source: string): Permission | undefined {
  const start = source.search(/export default async function \w+\(/);
  if (start < 0) return undefined;
  const body = source.slice(bodyStart(source, source.indexOf("(", start)));
  const found = gate.exec(body);
  return found && !other.test(body.slice(0, found.index)) ? (found[1] as Permission) : undefined;
}

/** Just after the brace that opens the body of the function whose parameters open at `at`. */
function bodyStart(source: string, at: number): number {
  let depth = 0;
  for (let i = at; i < source.length; i++) {
    if (source[i] === "(") depth++;
    if (source[i] === ")" && --depth === 0) return source.indexOf("{", i) + 1;
  }
  return source.length;
}

type Made = { permission?: Permission | null; run?: Gate["run"] };

const load = async (file: string) =>
  (await import(pathToFileURL(join(root, file)).href)) as Record<string, Made>;

async function actionGates(file: string): Promise<Gate[]> {
  return Object.entries(await load(file)).map(([name, made]) => ({
    kind: "action" as const,
    name: `${relative(root, join(root, address(file))).replace(/^\.\.\//, "") || "/"}#${name}`,
    file,
    permission: made.run ? made.permission : undefined,
    run: made.run,
  }));
}

/** next-auth makes its own handlers, which only a bundler can load. */
const nextAuth = "api/auth/[...nextauth]/route.ts";
const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

async function handlerGates(file: string): Promise<Gate[]> {
  if (file === nextAuth)
    return ["GET", "POST"].map((method) => ({
      kind: "handler",
      name: `${method} ${address(file)}`,
      file,
      permission: null,
    }));
  const made = Object.entries(await load(file)).filter(([name]) => methods.includes(name));
  return made.map(([method, { permission }]) => ({
    kind: "handler",
    name: `${method} ${address(file)}`,
    file,
    permission,
  }));
}
