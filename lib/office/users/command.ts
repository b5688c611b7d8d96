import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import type { Role } from "#db/enums";
import { actOn, auditedRows } from "#lib/department/audit/mutations";
import { type Result, refused } from "#lib/machine/result";
import { foldAddress } from "#lib/machine/seal";
import { inviteUser } from "./invite.ts";
import { hashPassword } from "./password.ts";
import { passwordFault } from "./rules.ts";
import { invitationInput, roles } from "./schema.ts";

const HELP = `Usage : crm user create --email ADRESSE --name NOM --role RÔLE [--password-stdin]

Crée un compte. Sans mot de passe, envoie une invitation et en affiche le lien, valable sept jours.

  --email           adresse du compte
  --name            nom affiché
  --role            ${roles.join(", ")}
  --password-stdin  lit le mot de passe sur l’entrée standard (12 caractères au moins)
  --json            répond par une ligne JSON
  --help            cette aide

Code de retour : 0 si le compte est créé, 1 s’il ne peut l’être, 2 si la commande est mal écrite.
`;

const options = {
  email: { type: "string" },
  name: { type: "string" },
  role: { type: "string" },
  "password-stdin": { type: "boolean" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

const faults: Record<string, string> = {
  "users.errors.passwordShort": "Mot de passe trop court : 12 caractères au moins.",
  "users.errors.passwordSimple": "Mot de passe trop simple.",
  "users.errors.taken": "Cette adresse a déjà un compte.",
};

/** The subcommand `user create`; `argv` is what follows these words. Returns the exit status. */
export async function userCreate(argv: string[]): Promise<number> {
  const { values } = parseArgs({ args: argv, options });
  if (values.help) return say(HELP);
  const input = invitationInput.safeParse(values);
  if (!input.success) {
    const wrong = [...new Set(input.error.issues.map((issue) => `--${issue.path.join(".")}`))];
    return complain(`Option absente ou non valable : ${wrong.join(", ")}. Voir --help.`, 2);
  }
  const made = values["password-stdin"]
    ? await createUser(input.data, (await text(process.stdin)).replace(/\r?\n$/, ""))
    : await inviteUser(input.data, null);
  if (!made.ok)
    return complain(
      ("fields" in made ? Object.values(made.fields) : []).map((key) => faults[key] ?? key).join(" "),
      1,
    );
  const url = "url" in made ? made.url : null;
  if (values.json)
    return say(`${JSON.stringify({ email: foldAddress(input.data.email), role: input.data.role, url })}\n`);
  return say(url ? `Compte créé. Lien d’invitation :\n${url}\n` : "Compte créé.\n");
}

type Newcomer = { email: string; name: string; role: Role };

/** An account that can sign in at once. */
export async function createUser(newcomer: Newcomer, password: string) {
  const fault = passwordFault(password, newcomer);
  if (fault) return { ok: false as const, fields: { password: fault } };
  const email = foldAddress(newcomer.email);
  const passwordHash = await hashPassword(password);
  const created = await auditedRows(
    ({ id }: { id: number }) => actOn("user.created", id, null, { role: newcomer.role }),
    async (rows): Promise<Result<{ id: number }>> => {
      const [user] = await rows.user.createManyAndReturn({
        data: [{ ...newcomer, email, passwordHash }],
        skipDuplicates: true,
        select: { id: true },
      });
      return user ? { ok: true, id: user.id } : refused("taken");
    },
  );
  if (!created.ok) return { ok: false as const, fields: { email: "users.errors.taken" } };
  return { ok: true as const };
}

function say(words: string): number {
  process.stdout.write(words);
  return 0;
}

function complain(words: string, status: number): number {
  process.stderr.write(`${words}\n`);
  return status;
}
