// The one table of what mail servers say. The first row that applies wins: sender's faults first,
// so that no contact pays for our limits, then the content, the mailbox, the network, and last
// the bare statuses. Sources: RFC 3463, the IANA list of enhanced codes, Gmail and Outlook error
// lists, Orange (OFR) and La Poste (LPN) postmaster pages, and the mails in corpus/.

import { byProviderCode } from "#lib/letters/verdicts/provider-codes";
import { byStatus } from "#lib/letters/verdicts/statuses";

export type Verdict = "hard" | "soft" | "unknown";
export type Blame = "recipient" | "sender" | "content" | "network" | "unknown";

/** Conditions are joined by "and"; patterns are linear (no nested repetition) and without accents, as the text is read. */
export type Rule = {
  reason: string;
  verdict: Verdict;
  blame: Blame;
  text?: RegExp;
  enhanced?: RegExp;
  code?: readonly number[];
};

export const reasons: readonly Rule[] = [
  ...byProviderCode,
  // --- our own account, rate, domain and address
  { reason: "rate-limited", verdict: "soft", blame: "sender", text: /same message-?id/i },
  {
    reason: "sending-limit",
    verdict: "soft",
    blame: "sender",
    text: /daily (?:user )?(?:sending|sent|smtp relay|relay|message|mail) ?(?:limit|quota)|sending (?:limit|quota)s?\b.{0,30}exceed|exceed\w* .{0,40}(?:sending|sent|daily|hourly|per[- ](?:hour|day)) .{0,20}(?:limit|quota)|reached (?:a|your|the) (?:daily|hourly|sending|limit)|too many recipients this hour|SubmissionQuotaExceeded|outbound spam|sent too many/i,
  },
  {
    reason: "sending-limit",
    verdict: "soft",
    blame: "sender",
    enhanced: /^[45]\.4\.5$/,
    text: /limit|quota (?:exceeded|reached)/i,
  },
  {
    reason: "too-many-connections",
    verdict: "soft",
    blame: "sender",
    text: /too many (?:concurrent |simultaneous |open )?(?:logins?|connections|sessions|smtp connections)|too many (?:concurrent|simultaneous)|(?:connection|concurren\w+|session) ?(?:is |has been |temporarily )?(?:limited|limit (?:exceeded|reached))|(?:connection|concurrency|session)s? limit|trop de connexions/i,
  },
  {
    reason: "login-refused",
    verdict: "soft",
    blame: "sender",
    text: /username and password not accepted|bad credentials|invalid credentials|application-specific password|please log ?in/i,
  },
  {
    reason: "login-refused",
    verdict: "soft",
    blame: "sender",
    code: [530, 534, 535, 538],
    // Older servers say of a mail's size what RFC 4954 says of a login.
    text: /^(?!.{0,300}too (?:big|large))/i,
  },
  {
    reason: "null-mx",
    verdict: "hard",
    blame: "recipient",
    text: /null ?mx|does(?:n't| not) (?:accept|receive) (?:any )?e?-?mail\b|host does not accept mail|no mail (?:is )?accepted (?:for|at)|no mx (?:record )?found|couldn't find a mail exchanger|do not accept (?:any )?(?:messages|mail)|record indicated no smtp service|NullMX/i,
  },
  {
    // RFC 6531: a letter beyond ASCII before the @, and a server on the way that cannot take it.
    reason: "non-ascii-address",
    verdict: "soft",
    blame: "recipient",
    text: /smtputf8|non-?ascii (?:e-?mail )?address|internationali[sz]ed (?:e-?mail |mailbox )?(?:address|name)/i,
  },
  { reason: "non-ascii-address", verdict: "soft", blame: "recipient", enhanced: /^[45]\.6\.7$/ },
  { reason: "host-unknown", verdict: "hard", blame: "recipient", text: /account or domain may not exist/i },
  {
    reason: "network",
    verdict: "soft",
    blame: "network",
    text: /malformed or unexpected name server reply/i,
  },
  // The whole reply names the recipient and refuses it, without another word.
  {
    reason: "user-unknown",
    verdict: "hard",
    blame: "recipient",
    text: /^5[45]\d (?:5\.\d\.\d )?<?@>?:? rejected\W{0,3}$/i,
  },
  // Before the blocks on senders: free.fr says "blocked due to inactivity".
  {
    reason: "mailbox-disabled",
    verdict: "hard",
    blame: "recipient",
    text: /(?:blocked|disabled|closed|suspended|bloquee?|desactivee?) (?:due to|for|for reasons of|because of|pour) (?:\w{1,12} )?inactivit/i,
  },
  {
    reason: "sender-authentication",
    verdict: "soft",
    blame: "sender",
    text: /\bdmarc\b|\bdkim\b|\bspf\b|sender policy framework|purported responsible|unauthenticated (?:e-?mail|mail|sender)|sender is unauthenticated|authentication (?:information|level|requirements)/i,
  },
  {
    reason: "sender-dns",
    verdict: "soft",
    blame: "sender",
    text: /reverse[- ]dns|\bptr\b|\brdns\b|ip name lookup|reverse (?:lookup|host|name|hostname)|mismatches client ip|(?:may not|not|cannot) be (?:a )?mail exchanger|invalid domain name|cannot find your (?:reverse )?hostname|(?:helo|ehlo) .{0,60}(?:rejected|invalid|refused|denied|resolve)|my name was rejected|service permits \d+ unverifyable|without a valid sender domain|host name is unknown/i,
  },
  {
    reason: "recipient-rate",
    verdict: "soft",
    blame: "network",
    text: /receiving mail (?:at a rate|too quickly)|number of messages they can receive|recipient .{0,40}(?:rate|too many messages)/i,
  },
  {
    reason: "too-many-recipients",
    verdict: "soft",
    blame: "sender",
    text: /too many recipients/i,
  },
  {
    reason: "rate-limited",
    verdict: "soft",
    blame: "sender",
    text: /unusual (?:rate|amount)|peak (?:smtp )?relay|(?:rate|frequency|messages?) ?(?:is |has been |temporarily )?(?:limited|limit exceeded|throttl)|rate[- ]limit|(?<!has )too many messages|too (?:fast|quickly|much mail)|sending rate|throttl|limit for recipients|temporarily deferred due to|unexpected volume|slow ?down|service refuse/i,
  },
  {
    reason: "sender-blocked",
    verdict: "soft",
    blame: "sender",
    text: /reputation|spamhaus|sorbs|spamcop|barracudacentral|proofpoint\.com\/dnsbl|cloudmark|\b(?:dns|r)bl\b|black ?-?list|block ?-?list|blocklisted|blocked (?:using|by|for|due|on|because of)|banned sending ip|client host (?:rejected|blocked)|host blocked|ip (?:address )?(?:is |has been )?(?:blocked|blacklisted|banned|listed|rejected)|adresse ip .{0,30}(?:bloqu|suspendu|refus|rejet)|(?:your|votre) (?:account|compte) (?:is|has been|was|est|a ete) (?:temporarily |currently |temporairement )?(?:suspended|disabled|blocked|locked|restricted|suspendu|bloque|desactive|ferme)|blocked ip|part of their network is on our block|messages from .{1,60} weren't sent|not accepting connections|invalid ip for sending|host network not allowed|not in (?:the )?whitelist|use the smtp server of your isp|your (?:ip|host|network|server|domain) .{0,40}(?:blocked|listed|banned|rejected|refused)|\(BL\)|\bS3\d{3}\b|SC-00\d|access (?:from .{1,60})?(?:is )?(?:denied|refused).{0,20}\.{3}[0-9a-f]{8}|^(?:5\d\d )?blocked\b|554 Blocked|550 Rejected$/i,
  },
  // --- the content
  {
    reason: "virus",
    verdict: "soft",
    blame: "content",
    text: /\bvirus|malware|infected|trojan|potential security issue|content presents a potential|attachment .{0,40}(?:not allowed|blocked|prohibited|type)|blocked file|illegal attachment/i,
  },
  {
    reason: "spam",
    verdict: "soft",
    blame: "content",
    text: /\bspam\b|spam(?:my)?[ _-]?(?:signature|score|content|classification|message)|MCSpamSignature|unsolicited|\bUBE\b|\bUCE\b|bulk mail|junk mail|content (?:was )?(?:rejected|blocked|restrict\w+)|message (?:content|filtered)|message (?:has been |was )?(?:identified|classified|detected|flagged) as|blacklisted url|suspicious|mail rejet|mail rejected\.? ofr|phish|considered (?:to be )?spam/i,
  },
  {
    reason: "too-big",
    verdict: "soft",
    blame: "content",
    text: /(?<!box )(?:message|mail|size|e-?mail|line|length|body|headers?|content) (?:is |file |size )?(?:too (?:large|big|long)|limit exceeded|exceeds? (?:the )?(?:fixed |maximum|limit|size|allow))|message length exceeds|max(?:imum)? (?:message|mail) size|(?<!box )size limit|RecipSizeLimit|MessageSize|max(?:imum)? size|trop (?:grand|gros|volumineux)/i,
  },
  {
    reason: "malformed",
    verdict: "soft",
    blame: "content",
    text: /not rfc ?-?\d{3,4}|rfc ?5322|rfc ?2822|multiple addresses in from|messages with multiple|multiple (?:\w+ )?headers?|duplicate headers?|header error|improper use of 8-?bit|(?:missing|invalid|bad|malformed) .{0,20}headers?|message-id .{0,20}(?:missing|invalid)|malformed (?:message|mime|address)|bare (?:lf|cr)\b|syntax error in (?:message|header)/i,
  },
  {
    reason: "sender-rejected",
    verdict: "soft",
    blame: "sender",
    text: /sender(?: address)?(?: was| is| has been)? (?:rejected|refused|denied|blocked|not allowed|unknown|invalid)|domain of sender|sender domain|sender verif|unrou?table sender|invalid sender|return address|from: domain is invalid|envelope sender|\[MAIL_FROM\]|after (?:mail from|initial connection|ehlo|helo)\b|in reply to (?:mail from|ehlo|helo)|did not like our (?:mail from|ehlo|helo|greeting)|>>> mail from|address is not verified|identities failed the check|send mail as|RESOLVER\.RST\.(?:Auth|Sender)|SenderNotAuthenticated|(?:smtp )?authentication (?:is )?(?:required|failed|unsuccessful)|turn on smtp auth|unauthenticated senders|client was not authenticated|verification failed for|not authorized to send|not authorised to send|not allowed to (?:send|post)|not (?:a )?member|only (?:members|subscribers)|may not have permission to post|permission to post|n'existe pas ou que vous ne soyez pas autoris|sending to\/from an address|(?:expediteur|emetteur)\b.{0,40}(?:refuse|invalide|rejete|inconnu|n'existe|bloque|suspendu|desactive)|reconnu comme un expediteur valide/i,
  },
  { reason: "sender-rejected", verdict: "soft", blame: "sender", enhanced: /^[45]\.1\.[78]$/ },
  {
    reason: "relay-denied",
    verdict: "soft",
    blame: "sender",
    text: /relay(?:ing)? (?:access )?(?:denied|not (?:allowed|permitted)|prohibited|is not|refused)|allowed rcpthosts|not (?:configured|permitted|allowed|able) to relay|unable to relay|cannot relay|insecure mail relay|relaying|we do not relay|open relay|relais (?:refuse|interdit)/i,
  },
  // --- the mailbox
  {
    reason: "server-error",
    verdict: "soft",
    blame: "network",
    text: /procmail:|maildrop:|couldn't create|lock failure/i,
  },
  {
    reason: "mailbox-full",
    verdict: "soft",
    blame: "recipient",
    text: /(?:mailbox|mailfolder|inbox|mail ?drop|account|user|quota|folder|bo.?te .{0,30}|maildir|storage)(?: \S{1,80}){0,3} (?:is |has been |was |d'aluminium )?(?:now )?(?:full|over ?quota|exceeded|pleine|saturee|out of storage|over the (?:allowed|maximum)|exceeds? )|over ?-?quota|overquota|quota (?:is )?(?:exceeded|full|violation|depasse)|out of storage|storage (?:quota|space)|disk quota|exceed(?:ed|s) .{0,30}(?:local limit|quota|storage|mailbox)|MailboxFull|QuotaExceeded|not enough (?:storage )?space in (?:the |his |her )?mailbox|insufficient (?:mailbox )?(?:quota|storage)|too full|mailbox .{0,20}full|mailbox (?:size )?limit|too many (?:messages|mails) (?:on the server|in (?:the |h(?:is|er) |this )?(?:mail|in)box)|bo.?te .{0,40}(?:pleine|saturee)|quota .{0,40}depasse|postfach .{0,30}voll|buz[oo]n .{0,20}lleno|casella .{0,20}piena|一杯/i,
  },
  {
    reason: "mailbox-disabled",
    verdict: "hard",
    blame: "recipient",
    text: /(?:account|mailbox|user|address|recipient|e-?mail|compte du destinataire|compte)(?: \S{1,80}){0,8} (?:is |has been |was |is currently |est )?(?:disabled|inactive|suspended|frozen|locked|blocked|discontinued|deactivated|desactive|bloque|suspendu|supprime|ferme|cloture|expired|closed|not active|terminated|cancelled)|(?:disabled|deactivated) (?:recipient|user|mailbox|account)|(?:compte|utilisateur|bo.?te|adresse)\b.{0,40} (?:desactivee?|cloturee?|suspendue?|fermee?|supprimee?)\b|inactive (?:e-?mail|user|account|recipient|mailbox)|DisabledUser/i,
  },
  {
    reason: "moved",
    verdict: "hard",
    blame: "recipient",
    text: /n.?accepte plus de (?:messages?|courrier)|(?:ne travaille|n.?est) plus (?:en poste|chez|dans|parmi|employe|valide|active|utilisee?|lue)|adresse .{0,40}a change|no longer (?:on (?:this )?server|here|valid|available|in use|works?|accept|employed|exists?|monitored)|has moved|moved to|not our (?:user|customer)|has left|n'est plus (?:valide|utilisee|en service|en activite)|a quitte|address (?:has )?changed|nouvelle adresse/i,
  },
  {
    reason: "user-unknown",
    verdict: "hard",
    blame: "recipient",
    text: /(?:user|recipient|mailbox|address|alias|account|addressee|utilisateur|compte|usager|destinataire|benutzer|empfanger|usuario)(?: name| address)?(?: @)?(?: is| est)? (?:unknown|not (?:found|exist|known|listed|recognized|recognised)|inconnue?|unbekannt|desconocido|invalide|inexistant\w*|introuvable)|(?:unknown|invalid|illegal|nonexistent|non-existent|no such|bad)[ _](?:(?:or|virtual|local|final delivery|destination|e-?mail|mail) ){0,3}(?:user|recipient|mailbox|address|alias|account|destinataire|userid|person|customer|user name)|(?:user|account|recipient|rcpt|mailbox|address|e-?mail) (?:\S{1,120} ){0,6}(?:does ?n[o']t|doesn't|not|didn't|don't|n'existe|do not) (?:exist|pas|have an? (?:\S{1,80} )?account)|(?:this|the) user doesn't have|no (?:mail ?box|account|user|such \w{2,12}) (?:here|by|with|found|exists|available)|no such (?:user|mailbox|person|recipient|address|account|local user)|not listed in .{0,40}directory|name is not recognized|RecipNotFound|RecipientNotFound|NoSuchUser|p=NoSuchUser|answer=6596|address (?:wasn't|was not|couldn't be|could not be|not) found|adresse\b.{0,80}(?:n'a pas (?:ete trouvee|pu etre trouvee)|introuvable)|adresse .{0,40}destinataire invalide|(?:bo.?te|destinataire|adresse|utilisateur|compte|usager)\b.{0,60}(?:n'existe (?:pas|plus)|inconnue?\b)|adresse (?:e-?mail |electronique )?(?:inconnue|invalide|inexistante)|recipient address rejected: access denied|(?:nom du )?destinataire n.?est pas reconnu|(?:non|pas) (?:r.pertori|recens).{1,2} dans|pas trouve l.?adresse|aucun(?:e|) (?:bo.?te|utilisateur|compte|destinataire) (?:a|de|avec|sous) ce nom|recipient not found|no valid recipients?|check if address is correct|user not exist|mailbox (?:is )?(?:unavailable|not available|not found)|not an? (?:valid|known|registered|local|active|existing) (?:user|mailbox|recipient|address|gateway user)|undeliverable address|unrou?teable address|unknown or illegal|addressee unknown|unknown (?:in|at) .{0,40}(?:table|site)|delivery to this (?:user|address) .{0,30}denied|(?:utente|destinatario) (?:sconosciuto|non trovato)|\(000C05A6\)|ユーザー?は?.{0,12}(?:見つかり|存在し)|見つかりません|存在しません/i,
  },
  {
    reason: "host-unknown",
    verdict: "hard",
    blame: "recipient",
    text: /host unknown|unknown (?:host|domain|mail host)|no such (?:domain|host)|(?:host|domain)(?: or domain)?(?: name)?(?: \S{1,120}){0,3} (?:(?:does|do) not exist|doesn't exist|not found|may not exist|non-?existent|is not reachable|inexistant|inconnu)(?!, try again)|invalid domain|couldn't find any host|can't find (?:any )?host|nxdomain|bad destination host|unable to (?:resolve|look up) (?:host|domain)|name or service not known|dns (?:hard error|lookup failure)|account or domain may not exist|(?:\w{1,60}\.){1,5}\w{2,20} does not exist|domaine (?:inconnu|inexistant)/i,
  },
  // --- the servers between
  {
    reason: "loop",
    verdict: "soft",
    blame: "network",
    text: /too many hops|hop count|mail ?(?:routing )?loop|routing loop|forwarded more than the maximum|loops? back to (?:myself|itself)|delivered-to .{0,20}loop/i,
  },
  {
    reason: "expired",
    verdict: "soft",
    blame: "network",
    text: /expired|queue too long|not delivered within|retry time(?:out)? (?:exceeded|not reached)|all hosts .{0,60}(?:failing|failed)|delivery failed \d+ attempts|could not be delivered for|too old|retried for|giving up|gave up|multiple retries|aborted after|undeliverable for|delai .{0,20}depasse/i,
  },
  {
    reason: "network",
    verdict: "soft",
    blame: "network",
    text: /time(?:d)?[ -]?out|connection (?:refused|reset|lost|dropped|closed)|connect to |lost connection|no route|network (?:error|is unreachable)|unreachable|not reachable|could not connect|unable to (?:connect|contact)|couldn't (?:connect|find a gateway)|could not find a gateway|smtp connection|name (?:service|server)|dns (?:error|query|failure|lookup)|host not found, try again|not responding|did(?:n't| not) accept our requests to connect|failed to connect|tls (?:handshake|negotiation|error)|starttls|support tls|ssl (?:error|handshake)/i,
  },
  {
    reason: "disk-full",
    verdict: "soft",
    blame: "network",
    text: /(?:disk|system|file ?system|storage).{0,20}(?:full|space)|insufficient (?:disk|system)|no space left|not enough disk/i,
  },
  {
    reason: "greylisted",
    verdict: "soft",
    blame: "network",
    text: /gr[ea]y ?-?list|try again in|please try again later|veuillez (?:essayer|reessayer) plus tard|temporarily (?:deferred|rejected|unavailable)/i,
  },
  {
    reason: "policy",
    verdict: "soft",
    blame: "sender",
    text: /polic(?:y|ies)|access denied|denied by|not allowed|not permitted|protocol violation|recipient preferences|refused due to|security (?:reasons?|policy)|rejected by (?:destination|the recipient)|client host|administrative prohibition|message (?:was )?(?:refused|rejected|blocked)|prohibited|forbidden/i,
  },
  {
    reason: "server-error",
    verdict: "soft",
    blame: "network",
    text: /(?:local|system|internal|configuration|server|upstream|mailer|transaction|protocol) (?:error|failed|problem|failure)|procmail|maildrop|pipe to|command (?:died|failed)|service (?:is )?(?:currently )?(?:unavailable|not available)|ldap|lock failure|not (?:implemented|recognized)|improper sequence|could not load|temporary failure|internal/i,
  },
  ...byStatus,
];
