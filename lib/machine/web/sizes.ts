/** Bytes of the largest files people may send, told once: the front server closes above them, forms and nouns say why. */
export const largest = {
  /** One feed, in the browser. */
  feed: 200 * 1024 * 1024,
  /** A list of SOLTéA or a bank statement. */
  transfers: 10 * 1024 * 1024,
  /** What a form may carry, and more than any logo needs. */
  logo: 3 * 1024 * 1024,
};
