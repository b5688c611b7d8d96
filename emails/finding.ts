/** Something to tell the person composing; `code` keys a sentence of the catalog, `params` fill it. */
export type Finding = {
  level: "error" | "warning";
  code: string;
  params: Record<string, string | number>;
  /** Where in the content, when it comes from a text that was typed. Line and column start at 1. */
  where?: { blockId: string | null; field: string; line: number; column: number };
};
