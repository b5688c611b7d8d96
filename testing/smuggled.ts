/** For tests: requests written to be understood as one by some and as two by others (RFC 9112, section 11.2). */

const hidden = "GET /smuggled HTTP/1.1\r\nHost: localhost\r\nX-Rest: ";
const post = (headers: string, body: string) =>
  `POST /connexion HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n\r\n${body}`;
const chunked = `0\r\n\r\n${hidden}`;
const both = `Content-Length: ${chunked.length}\r\n`;

/** A Transfer-Encoding that one reads and another does not: who does not goes by Content-Length. */
const disguised = [
  "Transfer-Encoding: chunked",
  "Transfer-Encoding : chunked",
  "Transfer-Encoding:\tchunked",
  "Transfer-Encoding: xchunked",
  "Transfer-Encoding: \x0bchunked",
  "Transfer-Encoding: chunked\x00",
  "Transfer-Encoding: chunked, identity",
  "Transfer-Encoding: identity, chunked",
  "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
  "Transfer-Encoding: chunked\r\nTransfer-Encoding: x",
  "Transfer-Encoding:\r\n chunked",
  "X: x\r\n Transfer-Encoding: chunked",
  "X: x\nTransfer-Encoding: chunked",
  "X: x\rTransfer-Encoding: chunked",
  " Transfer-Encoding: chunked",
  "transfer_encoding: chunked",
  'Transfer-Encoding: "chunked"',
  "TRANSFER-ENCODING: CHUNKED",
];

/** Lengths that are not one number. */
const lengths = (n: number) => [
  `Content-Length: 0\r\nContent-Length: ${n}`,
  `Content-Length: ${n}\r\nContent-Length: 0`,
  `Content-Length: 0, ${n}`,
  `Content-Length: +${n}`,
  `Content-Length: 0x${n.toString(16)}`,
  `Content-Length: ${n} 0`,
  `Content-Length:\r\n ${n}`,
  `Content-Length : ${n}`,
  `Content-Length: -0`,
  `X: x\nContent-Length: ${n}`,
  "Content-Length: ",
];

/** Chunks whose size or end is doubtful. */
const chunks = [
  `1;\nx\r\n${chunked}`,
  `1;a="\r\n"\r\nx\r\n${chunked}`,
  `1;a\rb\r\nx\r\n${chunked}`,
  `0x1\r\nx\r\n${chunked}`,
  `+1\r\nx\r\n${chunked}`,
  `1 \r\nx\r\n${chunked}`,
  `1\nx\n0\n\n${hidden}`,
  `1\r\nxx\r\n${chunked}`,
  `10000000000000001\r\nx\r\n${chunked}`,
  `0\r\nTrailer: x\r\nContent-Length: 50\r\n\r\n${hidden}`,
  `0\n\n${hidden}`,
  `0\r\nX\n\n${hidden}`,
  `-1\r\n\r\n${hidden}`,
];

const odd = [
  `GET /a HTTP/1.1\nHost: localhost\n\n${hidden}`,
  `GET /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`,
  `GET /a HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b: c\r\n\r\n`,
  `GET /a HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n${chunked}`,
  `GET /a%0d%0aX:%20y HTTP/1.1\r\nHost: localhost\r\n\r\n`,
  `GET /a HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n`,
  `GET /a HTTP/1.1\r\nHost: localhost\r\nConnection: Host, X-Forwarded-For\r\n\r\n`,
  post(`Content-Length: ${hidden.length}\r\nExpect: 100-continue`, hidden),
];

export const attacks: string[] = [
  ...disguised.map((header) => post(`${both}${header}`, chunked)),
  ...disguised.map((header) =>
    post(`${header}\r\nContent-Length: 4`, `${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`),
  ),
  ...lengths(hidden.length).map((header) => post(header, hidden)),
  ...chunks.map((body) => post("Transfer-Encoding: chunked", body)),
  ...odd,
];

/** Two requests for whoever follows the letter of the RFC: we must see both, and a proxy must know of both. */
export const pairs: string[] = [
  post(`content_length: ${hidden.length}`, hidden),
  post("Transfer-Encoding: chunked", `1;a=b\r\nx\r\n${chunked}`),
  post("Content-Length: 0\r\nConnection: Content-Length", hidden),
  `GET /a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n${chunked}`,
];
