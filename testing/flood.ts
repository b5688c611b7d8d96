/** For tests: more bytes than anybody asked for. */
import { once } from "node:events";
import { connect } from "node:net";

/** Sends until nobody listens any more; how many bytes left, and the answer. A deaf sender does not stop for it. */
export async function flood(port: number, head: string, chunk: Buffer, most: number, deaf = false) {
  const socket = connect(port, "127.0.0.1").setMaxListeners(0);
  let answer = "";
  socket.on("data", (data) => {
    answer += data;
  });
  socket.on("error", () => {});
  socket.write(head);
  let sent = 0;
  while (sent < most && !socket.closed && (deaf || !answer)) {
    if (!socket.write(chunk))
      await new Promise((resolve) =>
        socket.once("drain", resolve).once("close", resolve).once("data", resolve),
      );
    sent += chunk.length;
  }
  if (!socket.readableEnded && !socket.closed)
    await Promise.race([once(socket, "end"), once(socket, "close")]);
  const { bytesWritten } = socket;
  socket.destroy();
  return { answer, bytesWritten };
}
