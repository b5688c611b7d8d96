/** The links of one letter: those that are its reader’s own, and, for a reader who consents, those through the counter. */
import { type DeliveryName, signToken, type TokenPurpose } from "#lib/machine/tokens";

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

/** The links of one recipient's mail; each opens its own page and nothing else. Signed when asked for. */
export function personalLinks(publicUrl: string, delivery: DeliveryName) {
  const link = (page: string, purpose: TokenPurpose) =>
    `${publicUrl}/${page}/${signToken(purpose, delivery)}`;
  return {
    get unsubscribe() {
      return link("desabonnement", "unsubscribe");
    },
    get preferences() {
      return link("preferences", "preferences");
    },
    get online() {
      return link("en-ligne", "online");
    },
    /** What a link through the counter says of its reader, who consented. */
    get name() {
      return signToken("click", delivery);
    },
    /** The public page of the tax, filled in for the reader. */
    get pledge() {
      return `${publicUrl}/taxe?lettre=${signToken("pledge", delivery)}`;
    },
  };
}
