import type { GraphQLError } from 'graphql';

/** The part of a WebSocket that the guards touch. */
export interface GuardedSocket {
  readonly send: (...words: unknown[]) => void;
  readonly ping: () => void;
  readonly terminate: () => void;
  readonly close: (code: number, reason: string) => void;
  readonly on: (event: 'pong' | 'close', listener: () => void) => void;
}

/** Connections of one process; more are turned away. */
const connectionsMaximum = 1_000;
/** Longest time a connection may stay without saying who it is [ms]. */
const introductionMs = 10_000;
/** A connection that does not answer a ping by the next one is gone [ms]. */
const pingMs = 30_000;

const introduced = new WeakSet<object>();

/** Remembers that a connection has said who it is. */
export function markIntroduced(socket: object): void {
  introduced.add(socket);
}

/** Bounds the connections of the process: their number, silence before the first message, and clients that went away. */
export function guardConnections(server: {
  readonly clients: ReadonlySet<unknown>;
  readonly on: (event: 'connection', listener: (socket: GuardedSocket) => void) => void;
}): void {
  server.on('connection', (socket) => {
    if (server.clients.size > connectionsMaximum) return socket.close(1013, 'too many connections');
    let alive = true;
    socket.on('pong', () => (alive = true));
    const introduction = setTimeout(() => {
      if (!introduced.has(socket)) socket.close(4408, 'connection initialisation timeout');
    }, introductionMs);
    const pulse = setInterval(() => {
      if (!alive) return socket.terminate();
      alive = false;
      socket.ping();
    }, pingMs);
    introduction.unref();
    pulse.unref();
    socket.on('close', () => {
      clearTimeout(introduction);
      clearInterval(pulse);
    });
  });
}

/**
 * Makes every error message that leaves a socket one of the closed list: the driver sends the words of whatever was
 * thrown past the error formatter.
 */
export function guardErrors(
  socket: object,
  judge: (error: { readonly message: string; readonly extensions?: object }) => GraphQLError,
): void {
  const guarded = socket as { send: (text: unknown, ...rest: unknown[]) => void };
  const send = guarded.send.bind(socket);
  guarded.send = (text, ...rest) => send(typeof text === 'string' ? withoutSecrets(text, judge) : text, ...rest);
}

function withoutSecrets(
  text: string,
  judge: (error: { readonly message: string; readonly extensions?: object }) => GraphQLError,
): string {
  const message = JSON.parse(text) as { type?: string; payload?: unknown };
  if (message.type !== 'error' || !Array.isArray(message.payload)) return text;
  return JSON.stringify({ ...message, payload: message.payload.map(judge) });
}
