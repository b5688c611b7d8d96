import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import type { NextConfig } from "next";
import createNextIntlPlugin from "next-intl/plugin";

// Tests and second development servers build beside what a running application serves.
const distDir = process.env.SRC_DIST_DIR ?? ".next";

const config: NextConfig = {
  distDir,
  // `npm test` checks the types of everything; a start need not do it again.
  typescript: { ignoreBuildErrors: true, tsconfigPath: typescriptConfiguration() },
  poweredByHeader: false,
  reactStrictMode: true,
  // What each address really takes is decided in lib/machine/web/body.ts, before Next reads anything.
  experimental: { authInterrupts: true, serverActions: { bodySizeLimit: "4mb" } },
  serverExternalPackages: [
    "@node-rs/argon2",
    "mjml",
    "pg",
    "pino",
    "imapflow",
    "nodemailer",
    "smtp-server",
    "sharp",
  ],
  turbopack: {
    // Sentences are parsed by the build; what fills them in weighs an eighth of what parses them.
    rules: {
      "*.json": {
        condition: { path: "./lib/machine/messages/**/*" },
        loaders: ["./lib/machine/messages/loader.mjs"],
        as: "*.json",
      },
    },
    resolveAlias: {
      "use-intl/format-message": "./node_modules/use-intl/dist/esm/production/format-message/format-only.js",
    },
  },
};

export default createNextIntlPlugin("./app/i18n.ts")(config);

/** Next writes the folder it builds into the file it is given; any but its usual one goes to a copy. */
function typescriptConfiguration(): string {
  if (distDir === ".next") return "tsconfig.json";
  const copy = `.data/tsconfig${distDir}.json`;
  mkdirSync(".data", { recursive: true });
  if (!existsSync(copy)) writeFileSync(copy, JSON.stringify({ extends: "../tsconfig.json" }));
  return copy;
}
