import { setTimeout as sleep } from 'node:timers/promises';
import { openTcpProxy, type TcpProxy } from '../support/tcp-proxy';
import { type Drill, longest, requireThat } from './drill';
import { openRunDesk, type RunDesk } from './run-desk';

type Trouble = 'cut within results' | 'cut after COMMIT' | 'slow' | 'half open';

/** Longest time after which a run must be over whatever the network did to one of its workers [ms]. */
const patienceMs = 90_000;

/** A worker behind a network that breaks, beside one that is not; the first goes on when its network is back. */
export const networkCuts: Drill = {
  id: 'FD-07',
  title: 'network of a worker cut within its results, cut after COMMIT was sent, slow by 100 ms each way, half open',
  promise: 'the same hash, no account twice; the worker outlives its network and works on',
  run: async ({ intensity, threads }) => {
    const rounds = intensity === 'full' ? 5 : 1;
    const troubles: readonly Trouble[] = ['cut within results', 'cut after COMMIT', 'slow', 'half open'];
    const chosen = intensity === 'full' ? troubles : troubles.slice(0, 2);
    const desk = await openRunDesk({ threads });
    const proxy = await openTcpProxy(Number(new URL(desk.db.appUrl).port));
    const durations: number[] = [];
    let events = 0;
    try {
      const worker = await desk.startWorker(behindProxy(desk, proxy));
      for (let round = 0; round < rounds; round += 1) {
        for (const trouble of chosen) {
          // A slow network takes seconds per shard, however small: few of them.
          const run = await desk.openRun(trouble === 'slow' ? 40 : 5);
          const started = performance.now();
          await makeTrouble(proxy, trouble);
          events += 1;
          // The half-open worker holds its shard in silence; another one has to take it over.
          const second = trouble === 'half open' ? await desk.startWorker() : null;
          const closed = await Promise.race([desk.finish(run.id), sleep(patienceMs, null, { ref: false })]);
          requireThat(closed !== null, `${trouble}: the run is not over after ${patienceMs / 1_000} s`);
          durations.push(performance.now() - started);
          proxy.onSent(null);
          proxy.heal();
          await desk.requireSame(closed);
          second?.process.kill('SIGTERM');
          await second?.ended;
        }
      }
      const last = await desk.openRun(10);
      await desk.requireSame(await desk.finish(last.id));
      requireThat(worker.process.exitCode === null, 'the worker ended with its network');
      return { figures: `${events} troubles (${chosen.join(', ')}); slowest run ${longest(durations)}` };
    } finally {
      await proxy.close();
      await desk.close();
    }
  },
};

/** The environment of a process that reaches Postgres through a proxy. */
export function behindProxy({ db }: RunDesk, proxy: TcpProxy): Record<string, string> {
  return Object.fromEntries(
    Object.entries(db.environment).map(([key, url]) => {
      const address = new URL(url);
      address.hostname = proxy.host;
      address.port = String(proxy.port);
      return [key, address.href];
    }),
  );
}

/** Resolves when it has happened. */
async function makeTrouble(proxy: TcpProxy, trouble: Trouble): Promise<void> {
  if (trouble === 'slow') return proxy.delay(100);
  if (trouble === 'half open') return atResults(proxy, () => proxy.halfOpen());
  if (trouble === 'cut after COMMIT') return atResults(proxy, () => loseForAMoment(proxy), /COMMIT(?!TED)/);
  return atResults(proxy, () => void setImmediate(() => proxy.cut()));
}

/** What a worker sends when it writes the results of a shard, however it writes them. */
const resultsSent = /INSERT INTO requirements|COPY [a-z_]+[^;]*FROM STDIN/i;

/** Acts once, before what a worker sends of its results, or after them by the same connection what matches a pattern, is passed on. */
export async function atResults(proxy: TcpProxy, act: () => void, pattern = /^/): Promise<void> {
  const writing = new Set<unknown>();
  await new Promise<void>((resolve) => {
    proxy.onSent((piece, connection) => {
      const text = piece.toString('latin1');
      if (resultsSent.test(text)) writing.add(connection);
      if (!writing.has(connection) || !pattern.test(text)) return;
      act();
      proxy.onSent(null);
      resolve();
    });
  });
}

function loseForAMoment(proxy: TcpProxy): void {
  proxy.loseAnswers();
  setTimeout(() => proxy.heal(), 300).unref();
}
