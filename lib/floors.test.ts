/**
 * The floors of lib and what may stand on what. Whatever a floor is built on stands before it; inside a floor, nouns
 * import one another without a ring. `gates` (people come in) and `worker` (time comes in) stand on everything.
 */
import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { it } from "node:test";

const floors = ["machine", "department", "people", "letters", "returns", "sites", "tax", "office"];
const entrances = ["gates", "worker"];

/** [file, floor and noun it stands in, floor and noun it imports] */
type Import = { file: string; from: string[]; to: string[] };

const imports: Import[] = globSync("lib/*/**/*.ts")
  .filter((file) => !file.endsWith(".test.ts"))
  .flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/"#lib\/([^"]+)"/g)].map((found) => ({
      file,
      from: file.split("/").slice(1, 3),
      to: (found[1] ?? "").split("/").slice(0, 2),
    })),
  );

it("every folder of lib is a floor or an entrance", () => {
  const folders = new Set(globSync("lib/*/").map((folder) => folder.split("/")[1] ?? ""));
  assert.deepEqual([...folders].sort(), [...floors, ...entrances].filter((name) => folders.has(name)).sort());
});

it("a floor imports only from the floors before it", () => {
  const wrong = imports.filter(({ from: [floor = ""], to: [other = ""] }) => {
    if (entrances.includes(floor)) return false;
    return entrances.includes(other) || floors.indexOf(other) > floors.indexOf(floor);
  });
  assert.deepEqual(
    wrong.map(({ file, to }) => `${file} imports ${to.join("/")}`),
    [],
  );
});

it("nouns form no ring", () => {
  const uses = new Map<string, Set<string>>();
  for (const { from, to } of imports) {
    if (from[0] === "machine" || from[1] === to[1]) continue;
    uses.set(from.join("/"), (uses.get(from.join("/")) ?? new Set()).add(to.join("/")));
  }
  const done = new Set<string>();
  const rings: string[] = [];
  const walk = (noun: string, path: string[]) => {
    if (path.includes(noun)) rings.push([...path.slice(path.indexOf(noun)), noun].join(" → "));
    else if (!done.has(noun)) {
      for (const other of uses.get(noun) ?? []) walk(other, [...path, noun]);
      done.add(noun);
    }
  };
  for (const noun of uses.keys()) walk(noun, []);
  assert.deepEqual(rings, []);
});

it("contacts know no noun but the audit and the timeline", () => {
  const known = new Set(
    imports
      .filter(({ from, to }) => from[1] === "contacts" && to[1] !== "contacts" && to[0] !== "machine")
      .map(({ to }) => to.join("/")),
  );
  assert.deepEqual([...known].sort(), ["department/audit", "people/activities"]);
});

it("a noun's folder name is unique in the whole tree", () => {
  const nouns = globSync("lib/*/*/").map((folder) => folder.split("/")[2] ?? "");
  assert.deepEqual(
    nouns.filter((noun, at) => nouns.indexOf(noun) !== at),
    [],
  );
});

it("the guides name files that are there", () => {
  const gone = ["README.md", "CONTRIBUTING.md", ...globSync("docs/*.md")].flatMap((guide) =>
    [...readFileSync(guide, "utf8").matchAll(/`((?:app|lib|emails|testing|demo|torture)\/[^`\s]*)`/g)]
      .map(([, path = ""]) => path)
      // `lib/<noun>` stands for any, `{a,b}` and `*` for several.
      .filter(
        (path) =>
          !path.includes("<") && globSync(path.replace(/[[\]()]/g, "\\$&")).length === 0 && !existsSync(path),
      )
      .map((path) => `${guide}: ${path}`),
  );
  assert.deepEqual(gone, []);
});

it("a decision is told in 45 lines", () => {
  const long = globSync("docs/decisions/*.md").filter(
    (record) => readFileSync(record, "utf8").trimEnd().split("\n").length > 45,
  );
  assert.deepEqual(long, []);
});
