import type { Locale } from "./words.ts";

/** What the application's own mails say. Narrow no-break spaces stand before French double punctuation. */
type Notice = {
  hello(name: string): string;
  afterButton: string;
  invitation: {
    subject(by: string, product: string): string;
    body(by: string, product: string, role: string): string;
    button: string;
    expiry(until: string): string;
  };
  passwordReset: {
    subject: string;
    body(product: string): string;
    button: string;
    expiry(until: string): string;
  };
  newBrowser: {
    subject(product: string): string;
    body(product: string, at: string): string;
    browser: string;
    network: string;
    unknown: string;
    button: string;
    closing: string;
  };
  promise: {
    subject(house: string): string;
    body(share: string, campaignYear: string, house: string): string;
    button: string;
    expiry(until: string): string;
  };
  syncFailed: {
    subject(source: string): string;
    body(source: string): string;
    button: string;
    closing: string;
  };
  digest: {
    subject(count: number, day: string): string;
    body(count: number, day: string): string;
    from(newsletter: string | null): string;
    more(count: number): string;
    button: string;
  };
  tasks: {
    subject(count: number, late: number): string;
    body: string;
    more(count: number): string;
    conversations(count: number): string;
    button: string;
  };
};

export const notices: Record<Locale, Notice> = {
  fr: {
    hello: (name) => `Bonjour ${name},`,
    afterButton: "Si le bouton ne répond pas, copiez cette adresse dans votre navigateur\u202f:",
    invitation: {
      subject: (by, product) => `${by} vous invite sur ${product}`,
      body: (by, product, role) =>
        `${by} vous ouvre un compte sur ${product}, avec le rôle «\u00a0${role}\u00a0». Il ne vous reste qu’à choisir un mot de passe.`,
      button: "Choisir mon mot de passe",
      expiry: (until) =>
        `Cette invitation vaut jusqu’au ${until}. Si vous ne l’attendiez pas, ignorez ce message\u202f: aucun compte ne sera ouvert.`,
    },
    passwordReset: {
      subject: "Choisir un nouveau mot de passe",
      body: (product) => `Vous avez demandé un nouveau mot de passe pour ${product}.`,
      button: "Choisir un nouveau mot de passe",
      expiry: (until) =>
        `Ce lien vaut jusqu’au ${until} et ne sert qu’une fois. Si vous n’avez rien demandé, ignorez ce message\u202f: votre mot de passe ne change pas.`,
    },
    newBrowser: {
      subject: (product) => `Connexion depuis un nouveau navigateur à ${product}`,
      body: (product, at) =>
        `Votre compte ${product} vient d’être ouvert depuis un navigateur que nous ne connaissions pas, le ${at}.`,
      browser: "Navigateur",
      network: "Réseau",
      unknown: "inconnu",
      button: "Voir mes sessions",
      closing:
        "C’était vous\u202f? Il n’y a rien à faire. Sinon, fermez cette session et changez votre mot de passe.",
    },
    promise: {
      subject: (house) => `Votre promesse de taxe d’apprentissage à ${house}`,
      body: (share, campaignYear, house) =>
        `Vous avez promis ${share} du solde de votre taxe d’apprentissage à ${house}, pour la campagne SOLTéA ${campaignYear}. Rien n’est enregistré tant que vous ne l’avez pas confirmé, et votre versement se décide ensuite sur SOLTéA.`,
      button: "Vérifier et confirmer",
      expiry: (until) =>
        `Ce lien vaut jusqu’au ${until}. Si vous n’avez rien promis, ignorez ce message\u202f: il sera oublié.`,
    },
    syncFailed: {
      subject: (source) => `La synchronisation de ${source} ne se fait plus`,
      body: (source) => `Le carnet n’a pas pu lire ${source}. Rien n’a été écrit.`,
      button: "Voir ce qui s’est passé",
      closing:
        "Ce message ne vient qu’une fois\u202f: le suivant dira une autre panne, après un passage réussi.",
    },
    digest: {
      subject: (count, day) => `${count > 1 ? `${count} désabonnements` : "1 désabonnement"} le ${day}`,
      body: (count, day) =>
        count > 1
          ? `${count} personnes se sont désabonnées le ${day}. Il n’y a rien à faire\u202f: elles ne recevront plus ces lettres.`
          : `Une personne s’est désabonnée le ${day}. Il n’y a rien à faire\u202f: elle ne recevra plus cette lettre.`,
      from: (newsletter) => newsletter ?? "toutes les lettres",
      more: (count) => (count > 1 ? `et ${count} autres personnes` : "et une autre personne"),
      button: "Voir les désabonnements",
    },
    tasks: {
      subject: (count, late) =>
        `${count > 1 ? `${count} tâches vous attendent` : "1 tâche vous attend"}${late > 0 ? `, dont ${late} en retard` : ""}`,
      body: "Voici ce qui est à faire aujourd’hui, et ce qui aurait dû l’être\u202f:",
      more: (count) => (count > 1 ? `et ${count} autres` : "et une autre"),
      conversations: (count) =>
        count > 1
          ? `${count} échanges qui vous sont confiés attendent aussi une réponse.`
          : "Un échange qui vous est confié attend aussi une réponse.",
      button: "Voir mes tâches",
    },
  },
  en: {
    hello: (name) => `Hello ${name},`,
    afterButton: "If the button does not work, copy this address into your browser:",
    invitation: {
      subject: (by, product) => `${by} invites you to ${product}`,
      body: (by, product, role) =>
        `${by} has opened an account for you on ${product}, with the role “${role}”. All that is left is to choose a password.`,
      button: "Choose my password",
      expiry: (until) =>
        `This invitation is valid until ${until}. If you did not expect it, ignore this message: no account will be opened.`,
    },
    passwordReset: {
      subject: "Choose a new password",
      body: (product) => `You asked for a new password for ${product}.`,
      button: "Choose a new password",
      expiry: (until) =>
        `This link is valid until ${until} and works once. If you did not ask for it, ignore this message: your password does not change.`,
    },
    newBrowser: {
      subject: (product) => `Sign-in from a new browser to ${product}`,
      body: (product, at) => `Your ${product} account was opened from a browser we did not know, on ${at}.`,
      browser: "Browser",
      network: "Network",
      unknown: "unknown",
      button: "See my sessions",
      closing: "Was it you? There is nothing to do. If not, close that session and change your password.",
    },
    promise: {
      subject: (house) => `Your pledge of apprenticeship tax to ${house}`,
      body: (share, campaignYear, house) =>
        `You pledged ${share} of the balance of your apprenticeship tax to ${house}, for the SOLTéA campaign of ${campaignYear}. Nothing is recorded until you confirm it, and your payment is then decided on SOLTéA.`,
      button: "Check and confirm",
      expiry: (until) =>
        `This link is good until ${until}. If you pledged nothing, ignore this message: it will be forgotten.`,
    },
    syncFailed: {
      subject: (source) => `${source} is no longer synchronised`,
      body: (source) => `The contact book could not read ${source}. Nothing was written.`,
      button: "See what happened",
      closing:
        "This message comes once: the next one will be about another failure, after a run that worked.",
    },
    digest: {
      subject: (count, day) => `${count > 1 ? `${count} people` : "1 person"} unsubscribed on ${day}`,
      body: (count, day) =>
        count > 1
          ? `${count} people unsubscribed on ${day}. There is nothing to do: they will not receive these newsletters any more.`
          : `One person unsubscribed on ${day}. There is nothing to do: they will not receive this newsletter any more.`,
      from: (newsletter) => newsletter ?? "every newsletter",
      more: (count) => (count > 1 ? `and ${count} more people` : "and one more person"),
      button: "See who unsubscribed",
    },
    tasks: {
      subject: (count, late) =>
        `${count > 1 ? `${count} tasks are waiting for you` : "1 task is waiting for you"}${late > 0 ? `, ${late} of them late` : ""}`,
      body: "Here is what is to be done today, and what should have been done already:",
      more: (count) => (count > 1 ? `and ${count} more` : "and one more"),
      conversations: (count) =>
        count > 1
          ? `${count} conversations given to you are waiting for an answer too.`
          : "A conversation given to you is waiting for an answer too.",
      button: "See my tasks",
    },
  },
};
