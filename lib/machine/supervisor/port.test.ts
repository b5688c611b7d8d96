import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { test } from "node:test";
import { Explained } from "#lib/machine/explained";
import { requirePort } from "#lib/machine/supervisor/port";

async function listening() {
  const server = createServer().listen(0);
  await once(server, "listening");
  const address = server.address();
  return { server, port: typeof address === "object" && address ? address.port : 0 };
}

test("an occupied port is explained in both languages, with the cure", async () => {
  const { server, port } = await listening();
  await assert.rejects(requirePort(port, 100), (error) => {
    assert.ok(error instanceof Explained);
    assert.match(error.french, new RegExp(`port ${port} est déjà pris.*PORT=\\d+ npm start`));
    assert.match(error.english, new RegExp(`Port ${port} is already used.*PORT=\\d+ npm start`));
    return true;
  });
  server.close();
});

test("a port that is being freed is waited for", async () => {
  const { server, port } = await listening();
  setTimeout(() => server.close(), 200);
  await requirePort(port, 3000);
});
