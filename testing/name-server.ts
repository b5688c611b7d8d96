/** For tests: a DNS server on loopback that knows some TXT records (RFC 1035), over UDP and, when an answer is long, TCP. */
import { createSocket } from "node:dgram";
import { type AddressInfo, createServer } from "node:net";

/** Names in lower case; each record a list of strings of 255 bytes at most. */
export type Zone = Map<string, string[][]>;

const TXT = 16;
const FORMAT_ERROR = 1;
const SERVER_FAILURE = 2;
const NO_NAME = 3;
const longestDatagram = 512;

export async function startNameServer() {
  const zone: Zone = new Map();
  const state = { zone, failing: false, asked: [] as string[], server: "", close: async () => {} };
  const udp = createSocket("udp4");
  const tcp = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", (data) => {
      const full = answer(data.subarray(2));
      socket.end(Buffer.concat([uint16(full.length), full]));
    });
  });

  function answer(query: Buffer): Buffer {
    const asked = questionOf(query);
    if (!asked) return reply(query, query.subarray(12, 12), FORMAT_ERROR, []);
    state.asked.push(asked.name);
    if (state.failing) return reply(query, asked.bytes, SERVER_FAILURE, []);
    const records = zone.get(asked.name);
    const answers = asked.type === TXT ? (records ?? []).map(txtRecord) : [];
    return reply(query, asked.bytes, records ? 0 : NO_NAME, answers);
  }

  udp.on("message", (query, from) => {
    const full = answer(query);
    // Too long for a datagram: the flag TC asks the client to come again by TCP (section 4.2.1).
    const cut = Buffer.from(full.subarray(0, 12 + (questionOf(query)?.bytes.length ?? 0)));
    if (full.length > longestDatagram) {
      cut.writeUInt16BE(cut.readUInt16BE(2) | 0x0200, 2);
      cut.writeUInt16BE(0, 6);
    }
    udp.send(full.length > longestDatagram ? cut : full, from.port, from.address);
  });
  await new Promise<void>((resolve) => tcp.listen(0, "127.0.0.1", resolve));
  const { port } = tcp.address() as AddressInfo;
  await new Promise<void>((resolve, reject) => udp.once("error", reject).bind(port, "127.0.0.1", resolve));
  state.server = `127.0.0.1:${port}`;
  state.close = async () => {
    udp.close();
    await new Promise((resolve) => tcp.close(resolve));
  };
  return state;
}

/** The first question's name, type and bytes; null when the packet is not one. */
function questionOf(query: Buffer): { name: string; type: number; bytes: Buffer } | null {
  if (query.length < 17 || query.readUInt16BE(4) !== 1) return null;
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    if (length > 63 || at + 1 + length >= query.length) return null;
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  if (at + 5 > query.length) return null;
  return {
    name: labels.join(".").toLowerCase(),
    type: query.readUInt16BE(at + 1),
    bytes: query.subarray(12, at + 5),
  };
}

/** A response, authoritative, to that question alone (section 4.1.1). */
function reply(query: Buffer, question: Buffer, code: number, answers: Buffer[]): Buffer {
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(0x8400 | ((query[2] ?? 0) & 1 ? 0x0100 : 0) | code, 2);
  header.writeUInt16BE(question.length > 0 ? 1 : 0, 4);
  header.writeUInt16BE(answers.length, 6);
  return Buffer.concat([header, question, ...answers]);
}

/** The name is a pointer to the question's; one minute to live (sections 3.3.14 and 4.1.4). */
function txtRecord(strings: string[]): Buffer {
  const data = Buffer.concat(
    strings.map((text) => Buffer.concat([Buffer.from([text.length]), Buffer.from(text, "latin1")])),
  );
  return Buffer.concat([
    uint16(0xc00c),
    uint16(TXT),
    uint16(1),
    uint16(0),
    uint16(60),
    uint16(data.length),
    data,
  ]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}
