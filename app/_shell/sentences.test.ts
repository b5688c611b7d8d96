import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, it } from "node:test";
import { catalogs } from "#lib/machine/messages/catalog";

const everywhere = ["app.error", "errors", "ui"];
const entries = globSync("app/**/{page,layout,error,not-found,forbidden}.tsx")
  .filter((file) => !file.includes("%5Fui"))
  .sort();

const texts = new Map<string, string>();
function read(file: string): string {
  const known = texts.get(file) ?? readFileSync(file, "utf8");
  texts.set(file, known);
  return known;
}

/** Files of `app` that one imports or re-exports, types aside. */
function importsOf(file: string): string[] {
  return [
    ...read(file).matchAll(/^(?:import|export)\s(?!type\b)[^;]*?from "([^"]+)"|\bimport\("([^"]+)"\)/gm),
  ]
    .map(([, fixed, lazy]) => (fixed ?? lazy) as string)
    .map((name) => name.replace(/^#ui\//, "app/_ui/").replace(/^#app\//, "app/"))
    .map((name) => (name.startsWith(".") ? normalize(join(dirname(file), name)) : name))
    .filter((name) => name.startsWith("app/"))
    .flatMap((name) =>
      [name, `${name}.tsx`, `${name}.ts`].filter((path) => /\.tsx?$/.test(path) && existsSync(path)),
    );
}

/** Files an entry is made of, each with whether it runs in the browser. */
function partsOf(entry: string): { file: string; browser: boolean }[] {
  const seen = new Map<string, boolean>();
  const visit = (file: string, around: boolean) => {
    const browser = around || read(file).startsWith('"use client"');
    if (seen.has(file) && (!browser || seen.get(file))) return;
    seen.set(file, browser);
    for (const next of importsOf(file)) if (!read(next).startsWith('"use server"')) visit(next, browser);
  };
  visit(entry, false);
  return [...seen].map(([file, browser]) => ({ file, browser }));
}

/** Namespaces said in the browser by what an entry is made of, each with a file that says it. */
const said = (entry: string): Map<string, string> =>
  new Map([
    ...partsOf(entry).flatMap(({ file, browser }) =>
      namespacesOf(file, browser).map((name) => [name, file] as const),
    ),
    ...reasonsOf(entry.split("/")[2] as string),
  ]);

function namespacesOf(file: string, browser: boolean): string[] {
  const matches = (pattern: RegExp) => [...read(file).matchAll(pattern)].map(([, name]) => name as string);
  const refusals = matches(/\b(?:namespace=|useReason\()"([\w.]+)"/g).map((name) => `${name}.errors`);
  const named = browser ? matches(/\buseTranslations\("([\w.]+)"\)/g) : [];
  return [...named, ...refusals.filter(exists)];
}

/** Namespaces of the reasons that a noun names by their whole key: `fields: { email: "users.errors.taken" }`. */
const reasonsOf = (noun: string) =>
  globSync(`lib/*/${noun}/{schema,rules,mutations}.ts`).flatMap((file) =>
    // What the audit calls an action is no sentence.
    [...read(file).matchAll(/(?<!\bactOn\(|\baction: )"(\w+(?:\.\w+)*)\.\w+"/g)]
      .filter(([key, namespace]) => exists(key.slice(1, -1)) && namespace)
      .map(([, namespace]) => [namespace as string, file] as const),
  );

/** Some nouns have no refusal of their own. */
function exists(namespace: string): boolean {
  let tree: unknown = catalogs.fr;
  for (const key of namespace.split(".")) tree = (tree as Record<string, unknown> | undefined)?.[key];
  return tree !== undefined;
}

/** What is given around an entry: by itself, or by the nearest layout above. */
function given(entry: string): { file: string; parts: string[] } {
  for (const file of [entry, ...layoutsAbove(entry)]) {
    const provider = /<Sentences(?:\s+of=\{\[([^\]]*)\]\})?\s*>/.exec(read(file));
    if (provider)
      return {
        file,
        parts: [...(provider[1] ?? "").matchAll(/"([\w.]+)"/g)].map(([, part]) => part as string),
      };
  }
  throw new Error(`nothing given around ${entry}`);
}

function layoutsAbove(entry: string): string[] {
  const folders = dirname(entry).split("/");
  return folders
    .map((_, i) => join(...folders.slice(0, folders.length - i), "layout.tsx"))
    .filter((file) => file !== entry && existsSync(file));
}

const within = (part: string, namespace: string) => namespace === part || namespace.startsWith(`${part}.`);

describe("sentences of the browser", () => {
  it("finds what speaks there", () => {
    assert.ok(entries.length > 50);
    assert.ok(said("app/(staff)/layout.tsx").has("app.palette"));
    assert.equal(said("app/(staff)/users/page.tsx").has("users.errors"), true);
  });

  it("are all given by the nearest <Sentences of={…}>", () => {
    const missing = entries.flatMap((entry) => {
      const { file, parts } = given(entry);
      return [...said(entry)]
        .filter(([namespace]) => ![...everywhere, ...parts].some((part) => within(part, namespace)))
        .map(([namespace, speaker]) => `${file} must give "${namespace}" to ${speaker}`);
    });
    assert.deepEqual([...new Set(missing)].sort(), []);
  });

  it("are given to somebody who says them", () => {
    const wanted = new Map<string, Set<string>>();
    for (const entry of entries) {
      const { file } = given(entry);
      const needs = wanted.get(file) ?? new Set();
      for (const namespace of said(entry).keys()) needs.add(namespace);
      wanted.set(file, needs);
    }
    const idle = [...wanted].flatMap(([file, needs]) =>
      given(file)
        .parts.filter((part) => ![...needs].some((namespace) => within(part, namespace)))
        .map((part) => `${file} gives "${part}" to nobody`),
    );
    assert.deepEqual(idle, []);
  });

  it("are asked for by their namespace, which the two tests above read", () => {
    const speaking = entries.flatMap(partsOf).filter(({ browser }) => browser);
    const loose = speaking.filter(({ file }) => /useTranslations\((?!")/.test(read(file)));
    // The reasons of refusals are looked up in what the form names.
    assert.deepEqual([...new Set(loose.map(({ file }) => file))], ["app/_ui/form-context.tsx"]);
    const forms = entries.flatMap(partsOf).filter(({ file }) => !file.startsWith("app/_ui/"));
    assert.deepEqual(
      forms.filter(({ file }) => /\bnamespace=\{/.test(read(file))),
      [],
    );
  });
});
