/**
 * The browser of the tests. Chromium without windows is Debian's headless shell, and what Playwright itself would take:
 * the same engine for half the work, of which windows that nobody sees were the other half.
 */
import { existsSync } from "node:fs";

const shell = "/usr/bin/chromium-headless-shell";

/** Where Debian keeps it, or undefined when it is not there: Playwright then takes its own. */
export const findBrowser = () => (existsSync(shell) ? shell : undefined);
