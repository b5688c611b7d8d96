import { fileURLToPath } from "node:url";
import { defineConfig } from "prisma/config";

// The CLI would download a native engine; our executable drives the same engine as WebAssembly.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= fileURLToPath(new URL("prisma/engine.ts", import.meta.url));

export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations" },
  datasource: { url: process.env.DATABASE_URL ?? "" },
});
