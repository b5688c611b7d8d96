/** Tests' own ends of the wire: our server in front of something that says what it saw, and bytes exactly as written. */
import { once } from "node:events";
import type { RequestListener, Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { text } from "node:stream/consumers";
import { after } from "node:test";
import { createFront } from "#lib/machine/web/front";
import { trust } from "#lib/machine/web/seen";

const servers: Server[] = [];
after(() => {
  for (const server of servers) server.close().closeAllConnections();
});

type Options = { answer?: RequestListener; trusted?: string[]; told?: string };

/** Our server, in front of something that reads the whole body and says what it saw. */
export async function start({ answer = tell, trusted = [], told }: Options = {}) {
  const addresses = { trusted: trust(trusted), told, known: "http://localhost:3000" };
  const server = createFront({ answer, addresses: () => addresses });
  servers.push(server);
  await once(server.listen(0, "127.0.0.1"), "listening");
  return (server.address() as AddressInfo).port;
}

const tell: RequestListener = async (request, response) => {
  let size = 0;
  try {
    for await (const chunk of request) size += chunk.length;
  } catch {
    return;
  }
  const { method, url, headers } = request;
  response.end(JSON.stringify({ method, url, size, headers }));
};

/** Bytes on the wire; resolves with all that came back once the other side closes. */
export async function say(port: number, ...parts: string[]): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  for (const part of parts) socket.write(part, "latin1");
  return text(socket).catch(() => "");
}

export const post = (path: string, headers: string, body = "") =>
  `POST ${path} HTTP/1.1\r\nHost: localhost:3000\r\nConnection: close\r\n${headers}\r\n\r\n${body}`;
