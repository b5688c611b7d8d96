/** What people and their mail programs send back: replies, absences, complaints, requests to stop. */
import { encoded, freshId, mailDate, mimeOf, multipart } from "#lib/letters/sandbox/mime";
import type { Original } from "#lib/letters/sandbox/original";

/** A person who answers. */
export function composeReply(original: Original): Buffer {
  const replies = [
    "Bonjour,\n\nMerci pour ces nouvelles du département ! Je serai ravie de venir présenter mon métier aux étudiants au printemps.\n\nBien cordialement,",
    "Bonjour,\n\nJe viens de changer d'entreprise : pouvez-vous mettre à jour mes coordonnées ? Merci d'avance.\n\nÀ bientôt,",
    "Bonjour,\n\nNous cherchons justement une ou un stagiaire en communication à partir d'avril. À qui dois-je adresser l'offre ?\n\nCordialement,",
  ];
  const text = replies[original.recipient.length % replies.length] ?? "";
  return mimeOf(
    [...answerHeaders(original, `Re: ${original.subject}`), ...plain],
    `${text}\n${nameOf(original.recipient)}\n\n> ${original.title}`,
  );
}

/** An absence message, marked as RFC 3834 asks. */
export function composeAutoReply(original: Original): Buffer {
  return mimeOf(
    [
      ...answerHeaders(original, `${encoded("Réponse automatique : ")} ${original.subject}`),
      ["Auto-Submitted", "auto-replied"],
      ["X-Auto-Response-Suppress", "All"],
      ["Precedence", "auto_reply"],
      ...plain,
    ],
    `Bonjour,\n\nJe suis absent(e) jusqu'à lundi et lirai votre message à mon retour.\n\n${nameOf(original.recipient)}`,
  );
}

/** A complaint sent by a provider's « courrier indésirable » button (RFC 5965). */
export function composeComplaint(original: Original): Buffer {
  const { contentType, body } = multipart("multipart/report; report-type=feedback-report", [
    "Content-Type: text/plain; charset=utf-8\n\nThis is an email abuse report for an email message received from IP 192.0.2.10.\n",
    `Content-Type: message/feedback-report\n\nFeedback-Type: abuse\nUser-Agent: Exemple-FBL/1.0\nVersion: 1\nOriginal-Mail-From: <${original.envelopeFrom}>\nOriginal-Rcpt-To: <${original.recipient}>\nReceived-Date: ${mailDate()}\nSource-IP: 192.0.2.10\n`,
    `Content-Type: text/rfc822-headers\n\n${original.head.replaceAll("\r\n", "\n")}\n`,
  ]);
  return mimeOf(
    [
      ["From", "Feedback Loop <complaints@fbl.exemple.fr>"],
      ["To", original.envelopeFrom],
      ["Subject", `FW: ${original.subject}`],
      ["Date", mailDate()],
      ["Message-ID", freshId("fbl.exemple.fr")],
      ["MIME-Version", "1.0"],
      ["Content-Type", contentType],
    ],
    body,
  );
}

/** What a mail program writes when its « se désabonner » button finds a mailto: (RFC 2369). */
export function composeUnsubscribe(original: Original): Buffer {
  const link = /<mailto:([^>?]+)(?:\?([^>]*))?>/i.exec(original.listUnsubscribe);
  const subject = new URLSearchParams(link?.[2] ?? "").get("subject") ?? "unsubscribe";
  return mimeOf(
    [
      ["From", `${nameOf(original.recipient)} <${original.recipient}>`],
      ["To", link?.[1] ?? original.envelopeFrom],
      ["Subject", subject.replace(/[\r\n]/g, " ")],
      ["Date", mailDate()],
      ["Message-ID", freshId(domainOf(original.recipient))],
      ...plain,
    ],
    "",
  );
}

const plain: [string, string][] = [
  ["MIME-Version", "1.0"],
  ["Content-Type", "text/plain; charset=utf-8"],
  ["Content-Transfer-Encoding", "8bit"],
];

const answerHeaders = (original: Original, subject: string): [string, string][] => [
  ["From", `${encoded(nameOf(original.recipient))} <${original.recipient}>`],
  ["To", original.envelopeFrom],
  ["Subject", subject],
  ["Date", mailDate()],
  ["Message-ID", freshId(domainOf(original.recipient))],
  ["In-Reply-To", original.messageId],
  ["References", original.messageId],
];

const domainOf = (address: string) => address.slice(address.lastIndexOf("@") + 1);

/** `camille.durand+reponse@…` → Camille Durand. */
const nameOf = (address: string) =>
  address
    .slice(0, address.lastIndexOf("@"))
    .split("+")
    .toSorted((a, b) => Number(isMark(a)) - Number(isMark(b)))[0]
    ?.split(/[._-]+/)
    .filter(Boolean)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(" ") ?? "";

const isMark = (piece: string) => /^(?:reponse|absent|plainte|desabonne)$/.test(piece);
