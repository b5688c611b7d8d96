/**
 * Where a link or a form asks to be taken: a place of ours, or `/`. Read as browsers read it, since they drop tabs and
 * turn `\` into `/`; of what is left only path, query and fragment are kept.
 * @param origin Ours, when an absolute address may be given.
 */
export function ownTarget(asked: string | null | undefined, origin = "http://here.invalid"): string {
  const url = URL.parse(asked ?? "/", origin);
  // Not url.origin: a blob: has that of whoever made it.
  if (!url || `${url.protocol}//${url.host}` !== origin) return "/";
  // A path that begins with two slashes would be read as another host.
  return url.pathname.replace(/^\/+/, "/") + url.search + url.hash;
}
