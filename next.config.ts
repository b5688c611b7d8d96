import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import type { NextConfig } from "next";
import { PHASE_PRODUCTION_SERVER } from "next/constants.js";
import createNextIntlPlugin from "next-intl/plugin";

// Tests and second development servers build beside what a running application serves.
const distDir = process.env.SRC_DIST_DIR ?? ".next";

const config: NextConfig = {
  distDir,
  // The same on every machine that builds these sources (lib/machine/supervisor/build.ts).
  generateBuildId: () => process.env.SRC_BUILD_ID ?? null,
  poweredByHeader: false,
  reactStrictMode: true,
  // No page asks for `/_next/image`, which would scale and keep pictures for whoever does: it is not found.
  images: { unoptimized: true },
  // What each address really takes is decided in lib/machine/web/body.ts, before Next reads anything.
  experimental: { authInterrupts: true, serverActions: { bodySizeLimit: "4mb" } },
  serverExternalPackages: [
    "@node-rs/argon2",
    "mjml",
    "pdfkit",
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

const withSentences = createNextIntlPlugin("./app/i18n.ts");

export default function configuration(phase: string): NextConfig {
  // `npm test` checks the types of everything; a start need not do it again.
  const typescript = { ignoreBuildErrors: true };
  // What is built is served by an account that may write nothing here.
  if (phase === PHASE_PRODUCTION_SERVER) return withSentences({ ...config, typescript });
  return withSentences({ ...config, typescript: { ...typescript, tsconfigPath: typescriptConfiguration() } });
}

/** Next writes the folder it builds into the file it is given; any but its usual one goes to a copy. */
function typescriptConfiguration(): string {
  if (distDir === ".next") return "tsconfig.json";
  const copy = `.data/tsconfig${distDir}.json`;
  mkdirSync(".data", { recursive: true });
  if (!existsSync(copy)) writeFileSync(copy, JSON.stringify({ extends: "../tsconfig.json" }));
  return copy;
}
