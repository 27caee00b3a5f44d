import net from 'node:net';

/** A proxy in user space that can lose answers on their way. */
export interface TcpProxy {
  readonly port: number;
  /** From now on nothing that the server says reaches the client, and connections end as soon as it says something. */
  readonly loseAnswers: () => void;
  /** Lets everything pass again. */
  readonly heal: () => void;
  readonly close: () => Promise<void>;
}

/** Opens a proxy on loopback in front of a port. */
export async function openTcpProxy(target: number): Promise<TcpProxy> {
  let losing = false;
  const sockets = new Set<net.Socket>();
  const server = net.createServer((client) => {
    const backend = net.connect(target, '127.0.0.1');
    for (const socket of [client, backend]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        backend.destroy();
      });
    }
    client.pipe(backend);
    backend.on('data', (chunk) => {
      if (losing) client.destroy();
      else client.write(chunk);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as net.AddressInfo).port,
    loseAnswers: () => (losing = true),
    heal: () => (losing = false),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
