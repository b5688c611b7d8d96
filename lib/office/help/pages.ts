/** The pages of the help, in the order one needs them; their words are in the catalog `help`. */
export const helpPages = [
  "first-steps",
  "contacts",
  "import",
  "newsletters",
  "sending",
  "letters",
  "inbox",
  "bounces",
  "unsubscribes",
  "apprenticeship-tax",
  "tax-pledges",
  "tax-transfers",
  "personal-data",
  "relays",
  "gmail",
  "dkim",
  "installation",
] as const;

export type HelpPage = (typeof helpPages)[number];

export const isHelpPage = (name: string): name is HelpPage => (helpPages as readonly string[]).includes(name);
