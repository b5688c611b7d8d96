/** The web process: our server in front, Next behind it. `--dev` restarts as one writes. */
import { once } from "node:events";
import { logConsole } from "#lib/machine/console";
import { env } from "#lib/machine/env";
import { log } from "#lib/machine/log";
import { keyFor } from "#lib/machine/seal";
import { createFront } from "#lib/machine/web/front";
import { packedFiles } from "#lib/machine/web/packed";
import { publicAddress } from "#lib/machine/web/public";
import { readAddresses } from "#lib/machine/web/seen";

const dev = process.argv.includes("--dev");
env.production = !dev;
// The development server speaks to who writes.
if (!dev) logConsole();
env.formKey = keyFor("forms");
// React and Next look at the mode as they load.
const { default: next } = await import("next");

const told = readAddresses(env);
const addresses = () => ({ ...told, known: publicAddress() });
const server = createFront({ answer: (request, response) => void answer(request, response), addresses, dev });
const app = next({
  dev,
  dir: process.cwd(),
  hostname: env.host,
  port: env.port,
  httpServer: server,
  turbopack: dev,
});
const ready = app.prepare();

type Answer = ReturnType<typeof app.getRequestHandler>;

// The development server makes its files as they are asked for.
const servePacked = dev ? () => false : packedFiles(env.distDir);

async function answer(...[request, response]: Parameters<Answer>) {
  try {
    if (servePacked(request, response)) return;
    await ready;
    await app.getRequestHandler()(request, response);
  } catch (err) {
    // A sender that went away, or was refused, is no fault of ours.
    if (request.destroyed || response.writableEnded) return;
    log.error({ err }, "request failed");
    if (!response.headersSent) response.writeHead(500);
    response.end();
  }
}

server.listen(env.port, env.host);
await once(server, "listening");
await ready;
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void stop());

let stopping = false;
/** Answers what was asked, and takes nothing more. */
async function stop() {
  if (stopping) return;
  stopping = true;
  const closed = once(server, "close");
  server.close();
  if (dev) server.closeAllConnections();
  await closed;
  await app.close();
  process.exit(0);
}
