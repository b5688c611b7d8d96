/**
 * The words of the consent (`unsubscribe.clicks` of the catalogs) that a reader must have read: raised with each change of
 * what they say. One given for others does not count, is asked for again, and is purged with what it had allowed.
 */
export const clickConsentVersion = 1;
