/** The options of one measurement, `--json` and `--help` being everybody's. */
import { parseArgs } from "node:util";
import { load } from "./processes.ts";

type Described = Record<string, { default: string; help: string }>;

/** Reads the command line; `--help` prints what may be said and ends the process. */
export function readOptions<T extends Described>(described: T) {
  const strings = Object.fromEntries(
    Object.entries(described).map(([name, { default: standard }]) => [
      name,
      { type: "string" as const, default: standard },
    ]),
  );
  const { values } = parseArgs({
    options: { ...strings, json: { type: "boolean" }, help: { type: "boolean" } },
  });
  if (values.help) {
    for (const [name, { default: standard, help }] of Object.entries(described))
      console.log(`  --${name} (${standard || "—"})\t${help}`);
    console.log("  --json\tone JSON object");
    process.exit(0);
  }
  const given = values as Record<string, unknown>;
  const text = (name: keyof T & string) => String(given[name]);
  return {
    text,
    number: (name: keyof T & string) => Number(text(name)),
    /** Prints what was measured, and how busy the machine was. */
    print: (report: object) => {
      const whole = { ...report, loadBefore, loadAfter: load() };
      if (values.json) console.log(JSON.stringify(whole));
      else for (const [name, value] of Object.entries(whole)) console.log(name.padEnd(28), value);
    },
  };
}

const loadBefore = load();
