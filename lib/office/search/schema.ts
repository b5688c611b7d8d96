/** One thing the palette can open. */
export type Hit = { id: number; label: string; detail: string };
export type Found = { contacts: Hit[]; organisations: Hit[]; campaigns: Hit[] };
