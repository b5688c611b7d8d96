/** Where the sandbox of this process listens: announced by the server itself, so that relays need not know it. */
let current: number | null = null;

export const announceSandbox = (port: number | null): void => {
  current = port;
};

/** The port of the sandbox running in this process, for the sender beside it; null when there is none. */
export const sandboxPort = (): number | null => current;
