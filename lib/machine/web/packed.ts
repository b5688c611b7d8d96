/**
 * Scripts and styles of a build, packed once by brotli at its best: a sixth less to fetch than the gzip that Next makes
 * at each request. Their names hold their hash, so that they never change.
 */
import { createReadStream, globSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { pipeline } from "node:stream";
import { promisify } from "node:util";
import { brotliCompress } from "node:zlib";

const types: Record<string, string> = {
  js: "application/javascript; charset=UTF-8",
  css: "text/css; charset=UTF-8",
};
const pack = promisify(brotliCompress);

/** Writes `<name>.br` beside each script and style of a build. */
export async function packBuild(distDir: string) {
  for (const file of globSync(join(distDir, "static/**/*.{js,css}")))
    await writeFile(`${file}.br`, await pack(await readFile(file)));
}

/** Answers for the packed files of a build; says false of anything else, and to whoever does not read brotli. */
export function packedFiles(
  distDir: string,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  const known = new Set(globSync("static/**/*.br", { cwd: distDir }));
  return (request, response) => {
    const path = (request.url ?? "").split("?", 1)[0] ?? "";
    const file = `${path.replace(/^\/_next\//, "")}.br`;
    const type = types[path.split(".").at(-1) ?? ""];
    if (!known.has(file) || !type || !readsBrotli(request)) return false;
    if (request.method !== "GET" && request.method !== "HEAD") return false;
    response.writeHead(200, {
      "Content-Type": type,
      "Content-Encoding": "br",
      "Cache-Control": "public, max-age=31536000, immutable",
      Vary: "Accept-Encoding",
    });
    if (request.method === "HEAD") response.end();
    else pipeline(createReadStream(join(distDir, file)), response, () => {});
    return true;
  };
}

const readsBrotli = ({ headers }: IncomingMessage) =>
  /(^|[\s,])br\s*(?!\s*;\s*q=0(\.0*)?\s*(,|$))(;|,|$)/.test(String(headers["accept-encoding"] ?? ""));
