/** The file of a posted form (RFC 7578), as a stream: a 200 MB upload must not be held in memory to be read. */
type Upload = { name: string; bytes: AsyncGenerator<Uint8Array> };

const headersLimit = 16_384;

/** The first part that is a file; null when the form has none or is not a form. */
export async function fileOf(contentType: string, body: AsyncIterable<Uint8Array>): Promise<Upload | null> {
  const boundary = /^multipart\/form-data;.*\bboundary=(?:"([^"]{1,70})"|([^;\s]{1,70}))/i.exec(contentType);
  if (!boundary) return null;
  const parts = new Parts(body, `--${boundary[1] ?? boundary[2]}`);
  for (;;) {
    const headers = await parts.headers();
    if (headers === null) return null;
    const name = /\bfilename="([^"]*)"/i.exec(headers)?.[1];
    if (name !== undefined)
      return { name: Buffer.from(name, "latin1").toString("utf8"), bytes: parts.content() };
    for await (const _ of parts.content());
  }
}

class Parts {
  private readonly source: AsyncIterator<Uint8Array>;
  private readonly delimiter: Buffer;
  private held: Buffer = Buffer.from("\r\n");
  private started = false;

  constructor(body: AsyncIterable<Uint8Array>, boundary: string) {
    this.source = body[Symbol.asyncIterator]();
    this.delimiter = Buffer.from(`\r\n${boundary}`, "latin1");
  }

  /** The next part's headers, or null after the last part. */
  async headers(): Promise<string | null> {
    if (!this.started) for await (const _ of this.content());
    this.started = true;
    for (;;) {
      if (this.held.subarray(0, 2).toString() === "--") return null;
      const end = this.held.indexOf("\r\n\r\n");
      if (end >= 0) {
        const headers = this.held.subarray(0, end).toString("latin1");
        this.held = this.held.subarray(end + 4);
        return headers;
      }
      if (this.held.length > headersLimit || !(await this.more())) return null;
    }
  }

  /** Bytes up to the next delimiter. Throws when the body ends before it: the sender went away. */
  async *content(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const end = this.held.indexOf(this.delimiter);
      if (end >= 0) {
        if (end > 0) yield this.held.subarray(0, end);
        this.held = this.held.subarray(end + this.delimiter.length);
        return;
      }
      // What could be the beginning of a delimiter waits for its end.
      const safe = this.held.length - this.delimiter.length + 1;
      if (safe > 0) {
        yield this.held.subarray(0, safe);
        this.held = this.held.subarray(safe);
      }
      if (!(await this.more())) throw new Error("the form stops before its end");
    }
  }

  private async more(): Promise<boolean> {
    const { value, done } = await this.source.next();
    if (!done) this.held = Buffer.concat([this.held, value]);
    return !done;
  }
}
