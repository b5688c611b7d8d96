import { isbot } from "isbot";

/** A person's click, as far as headers tell: scanners, link previews and prefetching are not counted. */
export function isHumanClick(headers: Headers): boolean {
  const agent = headers.get("user-agent") ?? "";
  if (agent === "" || isbot(agent)) return false;
  const purpose = `${headers.get("purpose") ?? ""} ${headers.get("sec-purpose") ?? ""} ${headers.get("x-moz") ?? ""}`;
  return !/prefetch|preview|prerender/i.test(purpose);
}
