/** What `npm start` says while it works: one line a step, in French, with its duration when it is noticeable. */

const seconds = new Intl.NumberFormat("fr-FR", { maximumFractionDigits: 1 });
const interactive = process.stdout.isTTY ?? false;

/** Announces `label`, does the work, and ticks the line off. `note` says what came out of it. */
export async function step<T>(
  label: string,
  work: () => T | Promise<T>,
  note?: (result: T) => string,
): Promise<T> {
  if (interactive) process.stdout.write(`  … ${label}`);
  const startedAt = performance.now();
  try {
    const result = await work();
    const elapsed = (performance.now() - startedAt) / 1000;
    const time = elapsed > 0.5 ? ` (${seconds.format(elapsed)} s)` : "";
    say(`  ✔ ${label}${note ? note(result) : ""}${time}`);
    return result;
  } catch (error) {
    say(`  ✘ ${label}`);
    throw error;
  }
}

/** One line, in place of the step being announced if there is one. */
export function say(line: string) {
  process.stdout.write(interactive ? `\r\u001b[K${line}\n` : `${line}\n`);
}
