import type { Card } from "#lib/tax/pledges/queries";

/** What is being dragged: a drop reads it, since `dataTransfer` holds only text. */
export const dragged: { card: Card | null } = { card: null };
