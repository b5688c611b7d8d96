import { isbot } from "isbot";

/** Filters that follow each link of a mail before its reader, and say so without calling themselves robots. */
const scanners =
  /barracuda|safelinks|mimecast|proofpoint|urldefense|fireeye|trellix|forcepoint|vadesecure|ironport/i;

/** A person's click, as far as headers tell: scanners, link previews and prefetching are not counted. */
export function isHumanClick(headers: Headers): boolean {
  const agent = headers.get("user-agent") ?? "";
  if (agent === "" || isbot(agent) || scanners.test(agent)) return false;
  const purpose = `${headers.get("purpose") ?? ""} ${headers.get("sec-purpose") ?? ""} ${headers.get("x-moz") ?? ""}`;
  return !/prefetch|preview|prerender/i.test(purpose);
}
