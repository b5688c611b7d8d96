#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
/**
 * What the Prisma CLI takes for its schema engine: Prisma's own, as WebAssembly, so that nothing is
 * downloaded. The CLI writes one JSON-RPC request a line on standard input and reads one answer a line.
 * For `cli can-connect-to-database` and `cli create-database` it reads the exit code and JSON on stderr.
 */
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { PrismaPg } from "@prisma/adapter-pg";
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  mockMigrationAwareAdapterFactory,
  type SqlDriverAdapter,
} from "@prisma/driver-adapter-utils";
import { SchemaEngine } from "@prisma/schema-engine-wasm";
import { Client, type Pool } from "pg";

type Request = { id: number; method: string; params?: object };

const { values, positionals } = parseArgs({
  strict: false,
  allowPositionals: true,
  options: { datamodels: { type: "string", multiple: true }, datasource: { type: "string" } },
});
const url = values.datasource ? (JSON.parse(String(values.datasource)) as { url?: string }).url : undefined;

if (values.version) console.log("schema-engine-wasm");
else if (positionals[0] === "cli") await command(positionals[1]);
else await serve();

async function serve() {
  // The engine reports a panic there before it stops.
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: console.error } });
  const files = (values.datamodels ?? []).map(String);
  const datamodels = files.map((path): [string, string] => [path, readFileSync(path, "utf8")]);
  const adapter = bindMigrationAwareSqlAdapterFactory(url ? wholeScripts(url) : noDatabase());
  const engine = await SchemaEngine.new(
    { datamodels: files.length ? datamodels : undefined },
    () => {},
    adapter,
  );
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line) as Request;
    if (!request.method) continue; // The acknowledgement of a print.
    process.stdout.write(`${JSON.stringify(await answer(engine, request))}\n`);
  }
  process.exit(0);
}

/** Enough to compare schemas with each other: the engine only asks for the version. */
function noDatabase() {
  const factory = mockMigrationAwareAdapterFactory("postgres");
  const connect = async () => {
    const adapter = await factory.connect();
    adapter.queryRaw = async () => ({
      columnNames: ["exists", "version", "numeric_version"],
      columnTypes: [ColumnTypeEnum.Boolean, ColumnTypeEnum.Text, ColumnTypeEnum.Int32],
      rows: [[true, "PostgreSQL 18.4", 180004]],
    });
    return adapter;
  };
  return Object.assign(factory, { connect });
}

/** The adapter cuts scripts at every semicolon, even inside functions; in one message a script is one transaction. */
function wholeScripts(connectionString: string): PrismaPg {
  const factory = new PrismaPg({ connectionString });
  const connect = factory.connect.bind(factory);
  const whole = async (opened: ReturnType<typeof connect>) => {
    const adapter: SqlDriverAdapter & { underlyingDriver?: () => Pool } = await opened;
    adapter.executeScript = async (script) => void (await adapter.underlyingDriver?.().query(script));
    return adapter;
  };
  return Object.assign(factory, { connect: () => whole(connect()) });
}

async function answer(engine: SchemaEngine, { id, method, params }: Request) {
  try {
    const call = Reflect.get(engine, method === "getDatabaseVersion" ? "version" : method);
    const result = await call.call(engine, params);
    // As a program, the engine has the CLI print a difference; as a library, it returns it.
    if (result?.stdout) print(result.stdout);
    return { jsonrpc: "2.0", id, result: result ?? null };
  } catch (error) {
    const { message, code } = error as { message: string; code?: string };
    const data = { is_panic: false, message, error_code: code, meta: null };
    return { jsonrpc: "2.0", id, error: { code: 4466, message, data } };
  }
}

function print(content: string) {
  process.stdout.write(
    `${JSON.stringify({ jsonrpc: "2.0", id: 0, method: "print", params: { content } })}\n`,
  );
}

async function command(name: string | undefined) {
  try {
    if (name === "create-database") await createDatabase(new URL(url ?? ""));
    else await query(url ?? "", "select 1");
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    const fields = { message, error_code: code === "3D000" ? "P1003" : "P1001" };
    // The CLI skips the first line.
    process.stderr.write(`\n${JSON.stringify({ level: "ERROR", target: "schema_engine::logger", fields })}`);
    process.exit(1);
  }
}

async function createDatabase(wanted: URL) {
  const name = decodeURIComponent(wanted.pathname.slice(1));
  wanted.pathname = "/postgres";
  await query(wanted.href, `create database "${name.replaceAll('"', '""')}"`);
}

async function query(connectionString: string, text: string) {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
