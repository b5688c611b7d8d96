/** For tests: thirteen IMAP servers that mean harm, or have lost their mind, each in its own way. */
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { sql } from "#lib/machine/db";

/** The answer to each command, by its name, in lower case (`greeting` comes before any); what is left out is granted. */
export type Answers = Record<string, (socket: Socket, tag: string, line: string) => void>;

export type MailServer = { port: number; connections(): number; close(): void };

const usual: Answers = {
  greeting: (socket) => socket.write("* OK ready\r\n"),
  capability: (socket, tag) => socket.write(`* CAPABILITY IMAP4rev1\r\n${tag} OK done\r\n`),
  list: (socket, tag) => socket.write(`* LIST (\\Sent) "/" Sent\r\n${tag} OK done\r\n`),
  examine: (socket, tag) =>
    socket.write(`* 1 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT 2] x\r\n${tag} OK [READ-ONLY] x\r\n`),
  search: (socket, tag) => socket.write(`* SEARCH 1\r\n${tag} OK x\r\n`),
  logout: (socket, tag) => socket.end(`* BYE\r\n${tag} OK\r\n`),
};

/** A server on loopback that answers as told. */
export async function startMailServer(answers: Answers): Promise<MailServer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const answer = (name: string, socket: Socket, tag: string, line = "") => {
    const say = answers[name] ?? usual[name];
    if (say) say(socket, tag, line);
    else socket.write(`${tag} OK done\r\n`);
  };
  const server = createServer((socket) => {
    connections++;
    sockets.add(socket);
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
    answer("greeting", socket, "");
    let line = "";
    socket.on("data", (data) => {
      line += data;
      for (let end = line.indexOf("\r\n"); end >= 0; end = line.indexOf("\r\n")) {
        const said = line.slice(0, end);
        const [tag = "", verb = "", object = ""] = said.split(" ");
        line = line.slice(end + 2);
        answer((verb === "UID" ? object : verb).toLowerCase(), socket, tag, said);
      }
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Goes on for as long as somebody listens. */
export function pour(socket: Socket, what: string): void {
  const poured = () =>
    socket.destroyed || (socket.write(what) ? setImmediate(poured) : socket.once("drain", poured));
  poured();
}

/** A byte a second: never silent, never done. */
function drip(socket: Socket) {
  const clock = setInterval(() => socket.write("x"), 1_000).unref();
  socket.once("close", () => clearInterval(clock));
}

const block = 1 << 16;
const numbers = ` ${Array.from({ length: 10_000 }, (_, i) => 4_000_000_000 + i).join(" ")}`;

export const hostile: Record<string, Answers> = {
  "a greeting without an end": { greeting: (socket) => pour(socket, "x".repeat(block)) },
  "a dripped greeting": { greeting: drip },
  "no greeting": { greeting: () => {} },
  "greetings without an end": { greeting: (socket) => pour(socket, "* OK again\r\n".repeat(5_000)) },
  "more abilities than there are": {
    capability: (socket) => {
      socket.write("* CAPABILITY");
      pour(socket, " A".repeat(block / 2));
    },
  },
  "a sign-in that talks on": { login: (socket) => pour(socket, "* 1 EXISTS\r\n".repeat(5_000)) },
  "folders without an end": { list: (socket) => pour(socket, '* LIST () "/" "a folder"\r\n'.repeat(2_000)) },
  "a folder opened bit by bit": { examine: drip },
  "an endless line of numbers": {
    search: (socket) => {
      socket.write("* SEARCH");
      pour(socket, numbers);
    },
  },
  "lines of numbers without an end": { search: (socket) => pour(socket, `* SEARCH${numbers}\r\n`) },
  "four thousand million mails": {
    examine: (socket, tag) =>
      socket.write(
        `* 4294967295 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT 4294967295] x\r\n${tag} OK x\r\n`,
      ),
    search: (socket, tag) => socket.write(`* SEARCH${numbers}\r\n${tag} OK x\r\n`),
  },
  "a mail of half a gigabyte": {
    fetch: (socket) => {
      socket.write("* 1 FETCH (UID 1 BODY[]<0> {524288000}\r\n");
      pour(socket, "a".repeat(block));
    },
  },
  "mails nobody asked for": {
    fetch: (socket) => pour(socket, `* 7 FETCH (UID 7 BODY[]<0> {400000}\r\n${"a".repeat(400_000)})\r\n`),
  },
};

/** These servers, and an account for each whose mailbox is there. */
export const openHostile = (names = Object.keys(hostile)): Promise<(MailServer & { name: string })[]> =>
  Promise.all(
    names.map(async (name) => {
      const server = await startMailServer(hostile[name] ?? {});
      await sql`
        with relay as (
          insert into relays (name, kind, host, port) values (${name}, 'smtp', '127.0.0.1', 1) returning id
        )
        insert into mailboxes (relay_id, host, port, security, username, folder)
        select id, '127.0.0.1', ${server.port}, 'none', 'u', 'INBOX' from relay`;
      return { ...server, name };
    }),
  );
