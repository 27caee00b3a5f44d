import net from 'node:net';

/** A connection-level load balancer in front of service processes, as an operator would have. */
export interface TcpBalancer {
  readonly url: string;
  /** Backends that get new connections, by port; connections that are open stay where they are. */
  readonly use: (ports: readonly number[]) => void;
  readonly close: () => Promise<void>;
}

/** Opens a balancer on loopback that gives new connections to its backends in turn. */
export async function openTcpBalancer(first: readonly number[]): Promise<TcpBalancer> {
  let ports = first;
  let turn = 0;
  const sockets = new Set<net.Socket>();
  const server = net.createServer((client) => {
    const backend = net.connect(ports[turn++ % ports.length] ?? 0, '127.0.0.1');
    for (const [from, to] of [
      [client, backend],
      [backend, client],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.end();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    use: (next) => (ports = next),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
