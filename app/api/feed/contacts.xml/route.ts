import { publicHandler } from "#lib/gates/handler";
import { answerFeed } from "#lib/sites/feed/feed";

/** Our people for another installation, which signs its question. */
export const GET = publicHandler((request) => answerFeed(request));
