import { publicHandler } from "#lib/gates/handler";
import { takePush } from "#lib/sites/sources/door";

/** A remote site sends its people. */
export const POST = publicHandler((request, { key = "" }) => takePush(request, key));
