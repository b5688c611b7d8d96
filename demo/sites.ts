/** The two remote sites, served on loopback: what their export scripts would answer. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { type Department, type SourceKey, sources } from "#demo/department";
import { db, sql } from "#lib/machine/db";
import { seal } from "#lib/machine/seal";

export type Sites = { port: number; close(): Promise<void> };

/** Answers `/<key>/contacts.xml` to whoever shows the token: the summer's file until it was taken once, then today's. */
export async function serveSites(department: Department, token: string): Promise<Sites> {
  const server = createServer((request, response) => {
    answer(department, token, request, response).catch(() => response.writeHead(500).end());
  });
  const listen = (port: number) =>
    new Promise<number>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", () => {
        server.off("error", reject);
        const address = server.address();
        resolve(typeof address === "object" && address ? address.port : port);
      });
    });
  const before = await lastPort();
  const port = await listen(before).catch(() => listen(0));
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The port the sources know, so that a later run needs no change. */
async function lastPort(): Promise<number> {
  const source = await db.source.findFirst({ where: { key: sources[0].key }, select: { url: true } });
  return Number(URL.parse(source?.url ?? "")?.port ?? 0);
}

async function answer(
  department: Department,
  token: string,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const source = sources.find(({ key }) => request.url === `/${key}/contacts.xml`);
  if (!source) return response.writeHead(404).end();
  if (request.headers.authorization !== `Bearer ${token}`) return response.writeHead(401).end();
  const xml = department.feed(source.key, (await wasTaken(source.key)) ? "today" : "summer");
  response.writeHead(200, { "Content-Type": "application/xml; charset=utf-8", "Content-Encoding": "gzip" });
  return response.end(gzipSync(xml));
}

async function wasTaken(key: SourceKey): Promise<boolean> {
  return (await db.syncRun.count({ where: { source: { key }, status: "succeeded" }, take: 1 })) > 0;
}

/** Declares the two sites as sources at this port. */
export async function ensureSources(port: number, token: string): Promise<void> {
  for (const { key, name, defaultKind } of sources) {
    const url = `http://127.0.0.1:${port}/${key}/contacts.xml`;
    const [source] = await sql<{ id: number }>`
      insert into sources (key, name, url, allow_private, default_kind)
      values (${key}, ${name}, ${url}, true, ${defaultKind}::"ContactKind")
      on conflict (key) do update set url = excluded.url returning id`;
    if (!source) throw new Error("the source was not written");
    const sealedToken = Buffer.from(seal(token, "sources.sealed_token", source.id));
    await sql`update sources set sealed_token = ${sealedToken} where id = ${source.id}`;
  }
}
