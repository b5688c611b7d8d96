/** The links of a letter through the counter, for readers who consent to be known by those they follow. */

type Launched = { html: string; campaignId: number | null; links: string[]; privacyUrl: string };

/**
 * The frozen HTML in which each counted link ends with a slot for the name of the delivery; the content itself stays what
 * was launched. Not the link to the page on personal data: whoever reads that is no more interested for it.
 */
export function nameLinks({ html, campaignId, links, privacyUrl }: Launched): string {
  const counted = new RegExp(`(<a\\b[^>]*?\\shref="[^"]*/api/click/${campaignId}/(\\d+))(?=")`, "gi");
  return html.replace(counted, (link, _, number: string) => {
    const url = links[Number(number)] ?? "";
    return url === privacyUrl || url.endsWith("/confidentialite") ? link : `${link}?l={{ links.name }}`;
  });
}
