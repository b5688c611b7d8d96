/** A remote site on loopback, for the tests: it answers what it is told to, and remembers what it was asked. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export async function startSite(answer: Answer, host = "127.0.0.1") {
  const asked: IncomingMessage[] = [];
  const site = { answer, asked, url: "", close: async () => {} };
  const server = createServer((request, response) => {
    asked.push(request);
    site.answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  site.url = `http://${host}:${(server.address() as AddressInfo).port}/contacts.xml`;
  site.close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return site;
}

export const says =
  (body: string | Uint8Array, headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    response.writeHead(200, headers).end(body);
