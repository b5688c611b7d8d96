/**
 * Preloaded (`--import`) into each child of the supervisor: when the supervisor dies, even by kill -9, the
 * channel to it closes, and the child must not live on holding the port and the work of its successor.
 */
// Web holds the port its successor wants, and loses nothing; the worker has messages under way.
const patience = process.argv[1]?.endsWith("web/main.ts") ? 1500 : 10_000;

process.on("disconnect", () => {
  process.kill(process.pid, "SIGTERM");
  setTimeout(() => process.exit(1), patience).unref();
});
