/** Postfix's `smtp-sink`, which takes everything, and `smtp-source`, which hands over as fast as C can: the floor. */
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "#lib/machine/network/free-port";

export type Sink = {
  port: number;
  /** Seconds `smtp-source` takes to hand over a message `n` times by as many connections, each kept open. */
  handOver(message: Buffer, n: number, connections: number): number;
  close(): void;
};

export async function openSink(): Promise<Sink> {
  const port = await freePort();
  // As root, smtp-sink insists on becoming somebody else.
  const asNobody = process.getuid?.() === 0 ? ["-u", "nobody"] : [];
  const sink = spawn("smtp-sink", [...asNobody, `127.0.0.1:${port}`, "1000"], { stdio: "ignore" });
  sink.on("error", () => console.error("smtp-sink is missing: install Postfix"));
  return {
    port,
    handOver: (message, n, connections) => handOver(port, message, n, connections),
    close: () => sink.kill(),
  };
}

function handOver(port: number, message: Buffer, n: number, connections: number): number {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const file = join(folder, "message");
  writeFileSync(file, message.toString("latin1").replaceAll("\r\n", "\n"), "latin1");
  const counts = ["-m", String(n), "-s", String(connections)];
  const envelope = ["-f", "lettre@iut.example", "-t", "r@x.example"];
  const started = performance.now();
  // -d keeps a connection for the next message, as the engine does.
  execFileSync("smtp-source", ["-d", ...counts, ...envelope, "-F", file, `127.0.0.1:${port}`]);
  const seconds = (performance.now() - started) / 1000;
  rmSync(folder, { recursive: true });
  return seconds;
}
