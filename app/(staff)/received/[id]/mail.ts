import type { readReceived } from "#lib/returns/received/queries";

/** What the page of a return shows. */
export type Mail = NonNullable<Awaited<ReturnType<typeof readReceived>>>;
