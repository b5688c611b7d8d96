/** The port of the web application: free, or explained. */
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { env } from "#lib/machine/env";
import { Explained } from "#lib/machine/explained";

/** Waits a little for the port: the web process of a killed supervisor may still be ending. */
export async function requirePort(port: number, patience = 4000): Promise<void> {
  const deadline = Date.now() + patience;
  let code = await probe(port);
  while (code === "EADDRINUSE" && Date.now() < deadline) {
    await sleep(100);
    code = await probe(port);
  }
  if (code === "EADDRINUSE") throw occupied(port);
  if (code) throw forbidden(port, code);
}

function probe(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code));
    server.listen(port, env.host, () => server.close(() => resolve(undefined)));
  });
}

function occupied(port: number): Explained {
  const other = port === 3000 ? 3001 : port + 1;
  return new Explained(
    `Le port ${port} est déjà pris par un autre programme. Arrêtez-le, ou choisissez un autre port : PORT=${other} npm start`,
    `Port ${port} is already used by another program. Stop it, or choose another port: PORT=${other} npm start`,
  );
}

function forbidden(port: number, code: string): Explained {
  return new Explained(
    `Le port ${port} ne peut pas être ouvert (${code}). Choisissez-en un autre : PORT=3000 npm start`,
    `Port ${port} cannot be opened (${code}). Choose another one: PORT=3000 npm start`,
  );
}
