import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { type NetworkNamespace, openNetworkNamespace } from '../support/network-namespace';
import { openTcpProxy, type TcpProxy } from '../support/tcp-proxy';
import { type Drill, type DrillOutcome, longest, requireThat } from './drill';
import { atResults, behindProxy } from './network-cuts';
import { openRunDesk, type RunDesk, type WorkerProcess } from './run-desk';

type Trouble = 'none' | 'cut within results' | 'slow' | 'cable out for 3 s' | 'cable out until the run is over';

/** A machine as far as its network goes: a namespace whose only way to Postgres is a proxy. */
interface Machine {
  readonly network: NetworkNamespace;
  readonly proxy: TcpProxy;
  readonly worker: WorkerProcess;
}

/** Longest time after which a run must be over whatever the network did to one of its workers [ms]. */
const patienceMs = 90_000;

/** Two workers on networks of their own, one of which breaks; it goes on alone when its network is back. */
export const separateNetworks: Drill = {
  id: 'FD-22',
  title: 'two workers in network namespaces of their own; one is cut within its results, slow, or its cable is out',
  promise: 'the same hash, no account twice; the worker whose network was away works on, also alone',
  run: async ({ intensity, threads }) => {
    const networks: NetworkNamespace[] = [];
    const machines: Machine[] = [];
    try {
      for (let count = 0; count < 2; count += 1) {
        const opened = openNetworkNamespace();
        if (typeof opened === 'string') return { figures: '', skipped: opened };
        networks.push(opened);
      }
      const desk = await openRunDesk({ threads });
      try {
        for (const network of networks) machines.push(await openMachine(desk, network));
        const full = intensity === 'full';
        return await hold(desk, machines, {
          troubles: full ? everyTrouble : ['cable out for 3 s'],
          rounds: full ? 4 : 1,
        });
      } finally {
        for (const { proxy } of machines) await proxy.close();
        await desk.close();
      }
    } finally {
      for (const network of networks) network.close();
    }
  },
};

const everyTrouble: readonly Trouble[] = [
  'none',
  'cut within results',
  'slow',
  'cable out for 3 s',
  'cable out until the run is over',
];

async function openMachine(desk: RunDesk, network: NetworkNamespace): Promise<Machine> {
  const port = Number(new URL(desk.db.appUrl).port);
  requireThat(!reaches(network, '127.0.0.1', port), 'a namespace reaches Postgres without its proxy');
  const proxy = await openTcpProxy(port, network.hostAddress);
  requireThat(reaches(network, network.hostAddress, proxy.port), 'a namespace does not reach its proxy');
  return { network, proxy, worker: await desk.startWorker(behindProxy(desk, proxy), network.enter) };
}

function reaches(network: NetworkNamespace, host: string, port: number): boolean {
  const script = `require('net').connect(${port}, '${host}').on('connect', () => process.exit(0)).on('error', () => process.exit(1))`;
  try {
    const [command = '', ...words] = network.enter;
    execFileSync(command, [...words, process.execPath, '-e', script], { stdio: 'ignore', timeout: 20_000 });
    return true;
  } catch {
    return false;
  }
}

async function hold(
  desk: RunDesk,
  machines: readonly Machine[],
  { troubles, rounds }: { readonly troubles: readonly Trouble[]; readonly rounds: number },
): Promise<DrillOutcome> {
  const [broken, sound] = machines as readonly [Machine, Machine];
  const durations: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const trouble of troubles) {
      // A slow network takes seconds per shard, however small: few of them.
      const run = await desk.openRun(trouble === 'slow' ? 40 : 5);
      const started = performance.now();
      await makeTrouble(broken, trouble);
      const closed = await within(desk.finish(run.id), `${trouble}: the run`);
      durations.push(performance.now() - started);
      broken.proxy.heal();
      broken.network.plug();
      await desk.requireSame(closed);
    }
  }
  sound.worker.process.kill('SIGTERM');
  await sound.worker.ended;
  const alone = await desk.openRun(10);
  await desk.requireSame(await within(desk.finish(alone.id), 'the run of the worker whose network was away'));
  requireThat(broken.worker.process.exitCode === null, 'the worker ended with its network');
  const held = `${durations.length} runs (${troubles.join(', ')}); slowest ${longest(durations)}`;
  return { figures: `${held}; one more by the worker that had been away, alone` };
}

async function makeTrouble({ network, proxy }: Machine, trouble: Trouble): Promise<void> {
  if (trouble === 'none') return;
  if (trouble === 'slow') return proxy.delay(100);
  const act = trouble === 'cut within results' ? () => void setImmediate(() => proxy.cut()) : () => network.unplug();
  await within(atResults(proxy, act), `${trouble}: the first result`);
  if (trouble === 'cable out for 3 s') setTimeout(() => network.plug(), 3_000).unref();
}

async function within<T>(work: Promise<T>, what: string): Promise<T> {
  const late = Symbol('late');
  const first = await Promise.race([work, sleep(patienceMs, late, { ref: false })]);
  requireThat(first !== late, `${what} is not there after ${patienceMs / 1_000} s`);
  return first as T;
}
