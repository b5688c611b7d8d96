// Reports in plain words, as small systems write them: the address stands in a sentence, alone on its line, numbered,
// in X.400, between French quotation marks. ADDRESS stands for it; the reporter is its own server, then a stranger's.
import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeReply } from "#lib/letters/verdicts/rules";
import { judgeMail } from "#lib/returns/bounces/judge";

const address = "jeanne.arrieu@univ.example";

const reports: Record<"hard" | "soft", string[]> = {
  hard: [
    "Impossible de remettre votre message à ADDRESS.\nL'utilisateur n'existe pas.",
    "Le message n'a pas été distribué.\n\nLe destinataire ADDRESS est inconnu.",
    "Votre message n'a pas été distribué : l’adresse ADDRESS n’existe pas.",
    "Votre message n'a pas pu être remis aux destinataires suivants :\n\n     ADDRESS\n\nMotif : utilisateur inconnu\n",
    "Échec de la remise pour ces destinataires ou groupes :\n\nADDRESS<mailto:ADDRESS>\nL'adresse de messagerie que vous avez entrée est introuvable.",
    "Your message to Jeanne Arrieu (ADDRESS) couldn't be delivered.\nThe user does not exist.",
    "Undelivered mail\n\nADDRESS\n    Utilisateur inconnu\n",
    "Votre message n'a pas pu être remis.\n<ADDRESS> : utilisateur inconnu",
    "Message non distribué\nDestinataire : ADDRESS\nMotif : compte inexistant",
    "Le courrier envoyé à l’adresse « ADDRESS » n’a pas pu être distribué : adresse inconnue.",
    "Le courrier envoyé à l’adresse «ADDRESS» n’a pas pu être distribué : adresse inconnue.",
    "Message non remis :\n  • ADDRESS\n  (utilisateur inconnu)",
    "Message non remis :\n 1. ADDRESS\n utilisateur inconnu",
    "Undeliverable:\n1) ADDRESS (user unknown)",
    "Delivery failure: user ADDRESS not found",
    "Message non remis\n550 5.1.1 ADDRESS: Recipient address rejected: User unknown in virtual mailbox table",
    "Votre message à destination de ADDRESS a été rejeté car l'utilisateur est inconnu. Message non remis.",
    "Message non remis.\n\nDe : lettre@src.example\nÀ : ADDRESS\nObjet : La lettre\n\nErreur : destinataire inconnu",
    "Votre message n'a pas pu être remis à Mme Arrieu (ADDRESS), dont le compte est désactivé.",
    "The following message to <ADDRESS> was undeliverable.\nThe reason for the problem:\n5.1.0 - Unknown address error 550-'No such user'",
    "did not reach the following recipient(s):\n\nc=FR;a= ;p=UNIV;o=X;dda:SMTP=ADDRESS; on Fri, 4 Oct 2002\n  The recipient name is not recognized",
    "YOUR MESSAGE WAS NOT DELIVERED!\n\nThe following addresses did NOT receive a copy of your message:\n\n> ADDRESS\n\n--- Session Transcript ---\n 550 5.1.1 unknown user",
    "The following message, addressed to 'ADDRESS',\nfailed because the mailbox does not exist",
    "Local mailbox ADDRESS is unavailable: user not found. Message not delivered",
    "Bonjour,\n\nVotre message n'a pu être remis, l'adresse ADDRESS n'est plus valide.\n\nPour toute question : assistance@univ.example",
    "Ce message est généré automatiquement par le serveur de messagerie.\nIl n'a pas été possible de distribuer votre courrier.\nADDRESS : compte clôturé\nContactez support@univ.example",
    "Your message wasn't delivered to ADDRESS because the address couldn't be found",
    "undeliverable  to ADDRESS\nno such user",
  ],
  soft: [
    "Votre message destiné à ADDRESS n’a pas pu être remis : sa boîte est pleine.",
    "Message non remis. La boîte aux lettres de ADDRESS est pleine.",
    "We could not deliver your mail to ADDRESS because the mailbox is full",
    "Delivery failed.\nThe mailbox ADDRESS is over quota",
    "Le message que vous avez envoyé à ADDRESS le 24 novembre n'a pas pu être acheminé (boîte saturée).",
    "Sorry, unable to deliver your message to ADDRESS for the following reason:\n\n552 Quota violation",
    "Votre message pour ADDRESS est bloqué : quota dépassé. Message non remis",
  ],
};

const report = (host: string, words: string) =>
  `Return-Path: <>
From: Mail Delivery Subsystem <MAILER-DAEMON@${host}>
To: lettre@src.example
Subject: Retour
Content-Type: text/plain; charset=utf-8

${words.replaceAll("ADDRESS", address)}

Service informatique
`;

for (const [verdict, texts] of Object.entries(reports))
  for (const words of texts)
    test(`« ${words.replace(/\s+/g, " ").slice(0, 70)} » is ${verdict}, and whose`, async () => {
      for (const host of ["univ.example", "mx.elsewhere.example"]) {
        const judged = await judgeMail(Buffer.from(report(host, words)));
        assert.equal(judged.class, "bounce");
        assert.deepEqual(
          judged.results.map((one) => [one.recipient, one.verdict, one.blame]),
          [[address, verdict, "recipient"]],
        );
      }
    });

const replies: [string, string, string][] = [
  ["551 <a@x.fr> is a deactivated mailbox", "hard", "recipient"],
  ["550 ** No mail box available for this user **", "hard", "recipient"],
  ["554 Rcpt <a@x.fr> does not exist", "hard", "recipient"],
  ["550 BAD_RECIPIENT - see http://x.fr", "hard", "recipient"],
  ["550-a@x.fr is not an active address at this host", "hard", "recipient"],
  ["452 <a@x.fr> Mailbox size limit exceeded", "soft", "recipient"],
  ["550 User has too many messages on the server.", "soft", "recipient"],
  ["550 RCPT TO:<a@x.fr> max message size exceeded", "soft", "content"],
  ["534 SIZE=Message too big.", "soft", "content"],
  ["550 Votre adresse IP est suspendue", "soft", "sender"],
  ["550 L'adresse de l'expéditeur n'existe pas", "soft", "sender"],
  ["550 Your account has been suspended", "soft", "sender"],
  ["550 Votre compte est désactivé", "soft", "sender"],
];
for (const [diagnostic, verdict, blame] of replies)
  test(`« ${diagnostic} » is ${verdict}, by the fault of the ${blame}`, () => {
    const judged = judgeReply({ text: diagnostic });
    assert.deepEqual([judged.verdict, judged.blame], [verdict, blame]);
  });

test("an address that was hidden by a forward is ours", async () => {
  const words =
    "A message that you sent could not be delivered to one or more of its recipients.\n\n  an undisclosed address\n    (generated from ADDRESS)\n";
  const [one] = (await judgeMail(Buffer.from(report("mx.elsewhere.example", words)))).results;
  assert.deepEqual([one?.recipient, one?.originalRecipient], [address, address]);
});

test("whom to ask is not whom the mail missed", async () => {
  const words = "Votre message n’a pas pu être remis.\nPour toute question : aide@univ.example";
  assert.deepEqual(
    (await judgeMail(Buffer.from(report("univ.example", words)))).results.map((one) => one.recipient),
    [null],
  );
});
