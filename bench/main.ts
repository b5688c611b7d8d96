/** `npm run bench <name> -- [options]`: each file of this folder is one measurement; it prints ratios to a floor of the same run. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(".ts") && file !== "main.ts")
  .map((file) => file.slice(0, -3));
const name = process.argv[2] ?? "";
if (names.includes(name)) {
  process.argv.splice(1, 2, `bench/${name}.ts`);
  await import(`./${name}.ts`);
} else {
  for (const one of names) console.log(`npm run bench ${one} -- [--json] [--help]\n${aboutOf(one)}\n`);
  process.exitCode = name === "--help" || name === "help" ? 0 : 2;
}

/** What a measurement says of itself at its top. */
function aboutOf(one: string): string {
  const source = readFileSync(join(import.meta.dirname, `${one}.ts`), "utf8");
  const comment = /^\/\*\*([\s\S]*?)\*\//.exec(source)?.[1] ?? "";
  return comment.replace(/^ *\* ?/gm, "  ").trimEnd();
}
