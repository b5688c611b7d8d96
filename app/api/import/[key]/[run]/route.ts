import { publicHandler } from "#lib/gates/handler";
import { tellPushed } from "#lib/sites/sources/door";

/** How a run stands, for the site that sent it. */
export const GET = publicHandler((request, { key = "", run = "" }) => tellPushed(request, key, run));
