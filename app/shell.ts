import { cache } from "react";
import { getShell } from "#lib/department/settings/queries";

/** What surrounds the page, read once a request. */
export const shell = cache(getShell);
