/** How a colleague may have heard of a pledge. */
export const askedChannels = ["letter", "mail", "call", "meeting"] as const;
