/** `npm run bench <name> -- [options]`: each file of this folder is one measurement; it prints ratios to a floor of the same run. */
import { readdirSync } from "node:fs";

const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(".ts") && file !== "main.ts")
  .map((file) => file.slice(0, -3));
const name = process.argv[2] ?? "";
if (names.includes(name)) {
  process.argv.splice(1, 2, `bench/${name}.ts`);
  await import(`./${name}.ts`);
} else {
  console.error(`Mesures : ${names.map((one) => `npm run bench ${one}`).join(", ")}`);
  process.exitCode = 2;
}
