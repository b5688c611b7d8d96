/** On which line of a JSON text a field stands: what a person needs in order to mend a file. */

type Path = PropertyKey[];

/**
 * The line (from 1) of the value at `path`, or of the nearest value above it that is there. `text` must be valid JSON.
 * Strings are stepped over whole, so that a bracket in a name is no bracket.
 */
export function lineOf(text: string, path: Path): number {
  const tokens = text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s"[\]{},:]+/g);
  const open: { list: boolean; at: PropertyKey; path: Path }[] = [];
  let found = { depth: -1, at: 0 };
  let awaited: Path | null = []; // the path of the value that comes next
  for (const { 0: token, index } of tokens) {
    const inside = open.at(-1);
    if (awaited && !"]},".includes(token)) {
      const here: Path = awaited;
      if (here.length > found.depth && here.every((key, depth) => key === path[depth]))
        found = { depth: here.length, at: index };
      awaited = null;
      if (token === "[" || token === "{") {
        open.push({ list: token === "[", at: 0, path: here });
        awaited = token === "[" ? [...here, 0] : null;
      }
    } else if (token === "]" || token === "}") {
      open.pop();
      awaited = null;
    } else if (token === "," && inside?.list) {
      inside.at = Number(inside.at) + 1;
      awaited = [...inside.path, inside.at];
    } else if (token.startsWith('"') && inside) inside.at = JSON.parse(token) as string;
    else if (token === ":" && inside) awaited = [...inside.path, inside.at];
  }
  return text.slice(0, found.at).split("\n").length;
}
