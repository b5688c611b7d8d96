/** `npm run gates`: every page, action and handler with the permission it asks for and who has it. */

import { permissions } from "#lib/department/permissions";
import { disconnect } from "#lib/machine/db";
import { listGates } from "./walk.ts";

for (const { kind, name, permission } of await listGates()) {
  const who = permission ? permissions[permission].join(", ") : "";
  const gate = permission === undefined ? "NO GATE" : (permission ?? "public");
  console.log(`${kind.padEnd(8)} ${name.padEnd(52)} ${gate.padEnd(20)} ${who}`);
}
await disconnect();
