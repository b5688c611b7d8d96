import { createServer } from "node:net";
import { defineConfig, devices } from "@playwright/test";
import { findBrowser } from "./testing/browser.ts";
import { createTestDatabase } from "./testing/postgres.ts";

// The configuration is read again by each worker, which inherits what the first reading decided.
if (!process.env.SRC_E2E) {
  process.env.SRC_E2E = "1";
  process.env.PORT = String(await freePort());
  process.env.DATABASE_URL = (await createTestDatabase()).url;
  process.env.SRC_SECRET = "a secret for tests, never elsewhere";
  process.env.SRC_DATA_DIR = ".data/e2e";
  process.env.SRC_DIST_DIR = ".next-test";
}

const baseURL = `http://localhost:${process.env.PORT}`;

export default defineConfig({
  testDir: "e2e",
  outputDir: ".data/reports/e2e",
  fullyParallel: false,
  workers: 2,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"], ["json", { outputFile: ".data/reports/e2e.json" }]],
  use: {
    ...devices["Desktop Chrome"],
    baseURL,
    locale: "fr-FR",
    timezoneId: "Europe/Paris",
    // A trace costs a tenth of every step, and what a failing page held is kept anyway: --trace on, for who looks closer.
    trace: "off",
    launchOptions: {
      executablePath: findBrowser(),
      // Chromium has no sandbox for root.
      args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
    },
  },
  webServer: {
    command: `${process.execPath} bin/start.ts`,
    url: `${baseURL}/api/health`,
    timeout: 240_000,
    gracefulShutdown: { signal: "SIGTERM", timeout: 15_000 },
  },
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
