/**
 * What the code writes, read from its text: which declaration changes which table, and what it leads to. The formatter
 * lets every declaration of a file begin at the margin; nothing else is relied on.
 */
import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

/** A declaration at the top of a file, with the comment above it. */
export type Piece = { file: string; name: string; exported: boolean; doc: string; code: string };

/** Table names by the name Prisma's client gives their model: `syncRun` is `sync_runs`. */
export const tableOf: ReadonlyMap<string, string> = new Map(
  [...readFileSync("prisma/schema.prisma", "utf8").matchAll(/^model (\w+) \{$([\s\S]*?)^\}$/gm)].map(
    ([, model = "", body = ""]) => [
      model.charAt(0).toLowerCase() + model.slice(1),
      /@@map\("(\w+)"\)/.exec(body)?.[1] ?? model,
    ],
  ),
);
const tables = new Set(tableOf.values());

const isTest = /\.test\.tsx?$/;

/** Files of the application itself, without tests and what they are given. */
export const sources = globSync(["lib/**/*.ts", "app/**/*.{ts,tsx}", "bin/*.ts"])
  .filter((file) => !isTest.test(file))
  .sort();

/** The tables a text writes, by SQL or by Prisma, each with the verb. */
export function writesIn(code: string): { verb: string; table: string }[] {
  const bare = code.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$|--[^\n]*/gm, "");
  const inSql = [...bare.matchAll(/\b(insert into|update|delete from|truncate)\s+"?([a-z_]+)\b/gi)].map(
    ([, verb = "", table = ""]) => ({ verb: verb.toLowerCase(), table }),
  );
  const byPrisma = [
    ...bare.matchAll(/\.(\w+)\s*\.(create|update|upsert|delete)(?:Many)?(?:AndReturn)?\(/g),
  ].map(([, model = "", verb = ""]) => ({ verb, table: tableOf.get(model) ?? "" }));
  return [...inSql, ...byPrisma].filter(({ table }) => tables.has(table));
}

const declaration =
  /^(?=\/\*\*|(?:export )?(?:default )?(?:async )?(?:function|const|let|class|type|import)\b)/m;
const comment = /^\/\*\*[\s\S]*?\*\/\s*/;
const opening = /^(export )?(?:default )?(?:async )?(?:function\*?|const|let|class)\s+(\w+)/;
const read = new Map<string, Piece[]>();

/** The declarations of a file, in order. */
export function piecesOf(file: string): Piece[] {
  const known = read.get(file);
  if (known) return known;
  const pieces: Piece[] = [];
  let doc = "";
  for (const text of readFileSync(file, "utf8").split(declaration)) {
    // A comment belongs to what follows it.
    const code = doc ? text : text.replace(comment, "");
    doc ||= comment.exec(text)?.[0] ?? "";
    if (!code.trim()) continue;
    const [, exported, name] = opening.exec(code) ?? [];
    if (name) pieces.push({ file, name, exported: Boolean(exported), doc, code });
    doc = "";
  }
  read.set(file, pieces);
  return pieces;
}

type Imports = { names: Map<string, { file: string; name: string }>; spaces: Map<string, string> };
const imported = new Map<string, Imports>();

function importsOf(file: string): Imports {
  const known = imported.get(file);
  if (known) return known;
  const names: Imports["names"] = new Map();
  const spaces: Imports["spaces"] = new Map();
  const all = readFileSync(file, "utf8").matchAll(/^import (?:\{([^}]*)\}|\* as (\w+)) from "([^"]+)";/gm);
  for (const [, list, space, from = ""] of all) {
    const target = pathOf(from, file);
    if (!target) continue;
    if (space) spaces.set(space, target);
    for (const item of (list ?? "").split(",")) {
      const [name = "", as = name] = item.trim().split(" as ");
      if (name && !name.startsWith("type ")) names.set(as, { file: target, name });
    }
  }
  const made = { names, spaces };
  imported.set(file, made);
  return made;
}

function pathOf(from: string, file: string): string | null {
  const path = from.startsWith(".")
    ? normalize(join(dirname(file), from))
    : from.replace(/^#(lib|app)\//, "$1/");
  return [path, `${path}.ts`, `${path}.tsx`].find((name) => sources.includes(name)) ?? null;
}

/** What a declaration uses of its own file, and of others when `far`: itself first. */
export function reachOf(start: Piece, far: boolean): Piece[] {
  const seen = new Set([start]);
  for (const piece of seen) {
    const { names, spaces } = importsOf(piece.file);
    const words = new Set(piece.code.match(/[A-Za-z_]\w*/g));
    const find = (file: string, name: string) => piecesOf(file).find((one) => one.name === name);
    for (const other of piecesOf(piece.file)) if (words.has(other.name)) seen.add(other);
    if (!far) continue;
    for (const [as, { file, name }] of names) {
      const other = words.has(as) && find(file, name);
      if (other) seen.add(other);
    }
    for (const [space, file] of spaces)
      for (const [, name = ""] of piece.code.matchAll(new RegExp(`\\b${space}\\.(\\w+)`, "g"))) {
        const other = find(file, name);
        if (other) seen.add(other);
      }
  }
  return [...seen];
}

/** Functions of lib that app, or a command, calls by name. */
export function calledByPeople(): Piece[] {
  const called = sources
    .filter((file) => /^(app|bin)\//.test(file) || file.endsWith("/command.ts"))
    .flatMap((file) => {
      const { names, spaces } = importsOf(file);
      const code = readFileSync(file, "utf8");
      const through = [...spaces].flatMap(([space, target]) =>
        [...code.matchAll(new RegExp(`\\b${space}\\.(\\w+)`, "g"))].map(
          ([, name = ""]) => `${target} ${name}`,
        ),
      );
      return [...[...names.values()].map(({ file: target, name }) => `${target} ${name}`), ...through];
    });
  return sources
    .filter((file) => file.startsWith("lib/"))
    .flatMap(piecesOf)
    .filter(({ file, name }) => called.includes(`${file} ${name}`));
}

export const audits = (pieces: Piece[]) =>
  pieces.some(({ code }) => /\b(recordAudit|audited|auditedRows)\(/.test(code));
export const writes = (pieces: Piece[]) =>
  pieces.some(({ file, code }) => !file.endsWith("audit/mutations.ts") && writesIn(code).length > 0);

/** Every exported function of a mutations.ts that writes, and whatever else people reach that does. */
export const listMutations = (): Piece[] =>
  [
    ...sources
      .filter((file) => /^lib\/.*\/mutations\.ts$/.test(file))
      .flatMap(piecesOf)
      .filter((piece) => piece.exported && writes(reachOf(piece, false))),
    ...calledByPeople().filter((piece) => writes(reachOf(piece, true))),
  ].filter((piece, i, all) => all.indexOf(piece) === i);

/** Those that audit by themselves; what a session or a command leads to is in its own tests. */
export const auditedMutations = (): Piece[] =>
  listMutations().filter(
    (piece) => !/\/(session|action|handler|auth)\.ts$/.test(piece.file) && audits(reachOf(piece, true)),
  );
