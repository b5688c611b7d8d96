/**
 * Preloaded (`--import`) into each child of the supervisor: when the supervisor dies, even by kill -9, the
 * channel to it closes, and the child must not live on holding the port and the work of its successor.
 */
process.on("disconnect", () => {
  process.kill(process.pid, "SIGTERM");
  setTimeout(() => process.exit(1), 2000).unref();
});
