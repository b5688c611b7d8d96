/** What a deliveries' address becomes once it is taken out: unique in its campaign, and of a domain that cannot exist (RFC 2606). */
export const erasedDomain = "erased.invalid";

export const isErasedAddress = (address: string) => address.endsWith(`@${erasedDomain}`);
