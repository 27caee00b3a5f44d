import net from 'node:net';

/** A proxy in user space that can do to connections what networks do. */
export interface TcpProxy {
  readonly host: string;
  readonly port: number;
  /** From now on nothing that the server says reaches the client, and connections end as soon as it says something. */
  readonly loseAnswers: () => void;
  /** Ends every open connection at once; new ones are taken. */
  readonly cut: () => void;
  /** Holds everything back for so long [ms] on its way to the server and on its way back. */
  readonly delay: (milliseconds: number) => void;
  /** Lets nothing pass in either direction and says nothing about it: what a cable does that was pulled. */
  readonly halfOpen: () => void;
  /** Lets everything pass again; what was swallowed meanwhile stays lost, so its connections end. */
  readonly heal: () => void;
  /** Shows every piece that clients send before it is passed on, and which of their connections it came by. */
  readonly onSent: (look: ((piece: Buffer, connection: net.Socket) => void) | null) => void;
  readonly close: () => Promise<void>;
}

type Mode = 'pass' | 'lose answers' | 'half open';

/** Opens a proxy in front of a port of this machine; on loopback unless told otherwise. */
export async function openTcpProxy(target: number, host = '127.0.0.1'): Promise<TcpProxy> {
  const state = { mode: 'pass' as Mode, delayMs: 0, look: null as Parameters<TcpProxy['onSent']>[0] };
  const sockets = new Set<net.Socket>();
  const swallowed = new Set<net.Socket>();
  const pass = (to: net.Socket, piece: Buffer): void => {
    const send = (): unknown => (to.destroyed ? undefined : to.write(piece));
    if (state.delayMs === 0) send();
    else setTimeout(send, state.delayMs).unref();
  };
  const server = net.createServer((client) => {
    const backend = net.connect(target, '127.0.0.1');
    for (const socket of [client, backend]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        // The other end of a pulled cable learns nothing.
        if (state.mode === 'half open') return void swallowed.add(client).add(backend);
        client.destroy();
        backend.destroy();
      });
    }
    client.on('data', (piece: Buffer) => {
      state.look?.(piece, client);
      if (state.mode === 'half open') swallowed.add(client).add(backend);
      else if (!client.destroyed) pass(backend, piece);
    });
    backend.on('data', (piece: Buffer) => {
      if (state.mode === 'lose answers') client.destroy();
      else if (state.mode === 'half open') swallowed.add(client).add(backend);
      else pass(client, piece);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    host,
    port: (server.address() as net.AddressInfo).port,
    loseAnswers: () => void (state.mode = 'lose answers'),
    cut,
    delay: (milliseconds) => void (state.delayMs = milliseconds),
    halfOpen: () => void (state.mode = 'half open'),
    heal: () => {
      Object.assign(state, { mode: 'pass', delayMs: 0 });
      for (const socket of swallowed) socket.destroy();
      swallowed.clear();
    },
    onSent: (look) => void (state.look = look),
    close: async () => {
      state.mode = 'pass';
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
