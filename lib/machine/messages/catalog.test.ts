import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { catalogs } from "./catalog.ts";

type Tree = { [key: string]: string | string[] | Tree };

/** `noun.key.key` to its sentence. */
function leaves(tree: Tree, path: string[] = []): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) => {
    if (typeof value === "string") return [[[...path, key].join("."), value] as [string, string]];
    return leaves(value as Tree, [...path, key]);
  });
}

/**
 * Names of the arguments and tags of an ICU message, with the kind of its plurals and selects. Where there is one of
 * those, only these are compared: a branch's own words look like arguments.
 */
function shape(message: string): string[] {
  const found = new Set<string>();
  for (const [, name, kind, tag] of message.matchAll(/\{\s*(\w+)\s*(?:,\s*(\w+))?|<(\w+)>/g))
    found.add(tag ? `<${tag}>` : `${name}:${kind ?? ""}`);
  const branched = /, (plural|select|selectordinal),/.test(message);
  return [...found].filter((name) => !branched || /:\w/.test(name)).sort();
}

const fr = new Map(leaves(catalogs.fr as unknown as Tree));
const en = new Map(leaves(catalogs.en as unknown as Tree));

describe("catalogs", () => {
  it("have the same keys in both languages", () => {
    assert.deepEqual(
      [...fr.keys()].filter((key) => !en.has(key)),
      [],
      "missing in English",
    );
    assert.deepEqual(
      [...en.keys()].filter((key) => !fr.has(key)),
      [],
      "missing in French",
    );
  });

  it("take the same arguments in both languages", () => {
    const different = [...fr].filter(
      ([key, text]) => String(shape(text)) !== String(shape(en.get(key) ?? "")),
    );
    assert.deepEqual(
      different.map(([key]) => key),
      [],
    );
  });

  it("leave no sentence empty", () => {
    assert.deepEqual(
      [...fr, ...en].filter(([, text]) => text.trim() === "").map(([key]) => key),
      [],
    );
  });

  it("write French as it is printed", () => {
    const faults = [...fr].filter(([, text]) =>
      // No point in mid-word (« ancien·ne »): screen readers stumble there.
      // One kind of space before a mark, one before its unit, none before a full stop.
      /[a-zéè]'[a-zéè]|[a-zéè]·[a-zéè]|[^\s][ \u00a0][:;!?»]|«[ \u00a0]|\d [%€]|[\u00a0\u202f][.,]/i.test(
        text.replace(/\{[^{}]*,\s*(plural|select)/g, ""),
      ),
    );
    assert.deepEqual(
      faults.map(([key, text]) => `${key}: ${text}`),
      [],
    );
  });
});
