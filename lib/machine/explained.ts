/**
 * An expected failure on a command line: what happened and the cure, in French then in English.
 * A border (`bin/*.ts`) prints it without a stack; anything else that is thrown is a bug and keeps its stack.
 */
export class Explained extends Error {
  readonly french: string;
  readonly english: string;

  constructor(french: string, english: string, cause?: unknown) {
    super(english, { cause });
    this.name = "Explained";
    this.french = french;
    this.english = english;
  }
}

/** What to print for any thrown value: both languages for an explained failure, the stack otherwise. */
export function explanation(error: unknown): string {
  if (error instanceof Explained) return `${error.french}\n${error.english}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
