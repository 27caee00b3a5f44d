import { requireSteady, type SoakSample } from './soak-sample';

const calm: SoakSample = {
  serviceHeapMb: 80,
  serviceMb: 300,
  workerMb: 350,
  serviceHandles: 34,
  workerHandles: 38,
  tasks: 24,
  connections: 22,
  stuckTransactions: 0,
  jobs: 0,
  temporaryTables: 0,
  queueMb: 0.1,
  databaseMb: 100,
  logMb: 80,
  runs: 0,
  writes: 0,
  lagMs: 40,
};

/** A soak of thirty samples, in which runs are recorded; `change` is what else goes on. */
function soakOf(change: (index: number) => Partial<SoakSample> = () => ({})): SoakSample[] {
  return Array.from({ length: 30 }, (_, index) => {
    return { ...calm, runs: index * 5, writes: index * 20, databaseMb: 100 + index, jobs: index % 3, ...change(index) };
  });
}

const after: SoakSample = { ...calm, runs: 150, writes: 600 };

describe('requireSteady', () => {
  it('lets a load pass under which only the record grows', () => requireSteady(soakOf(), after));

  it.each<[keyof SoakSample, number]>([
    ['serviceHeapMb', 1],
    ['serviceMb', 10],
    ['workerMb', 12],
    ['serviceHandles', 2],
    ['workerHandles', 1],
    ['tasks', 1],
    ['connections', 1],
    ['temporaryTables', 1],
    ['queueMb', 1],
    ['lagMs', 60],
  ])('refuses %s that grows by %d with every sample', (key, step) => {
    expect(() =>
      requireSteady(
        soakOf((index) => ({ [key]: calm[key] + index * step })),
        after,
      ),
    ).toThrow(key);
  });

  it('refuses a record that grows faster than what is written', () => {
    const faster = soakOf((index) => ({ databaseMb: 100 + index ** 3 / 10 }));
    expect(() => requireSteady(faster, after)).toThrow('a run takes');
  });

  it.each<[string, Partial<SoakSample>]>([
    ['jobs are left', { jobs: 1 }],
    ['transactions are left open', { stuckTransactions: 1 }],
    ['nothing was done', { runs: 0 }],
  ])('refuses an end at which %s', (told, left) => {
    expect(() => requireSteady(soakOf(), { ...after, ...left })).toThrow(told);
  });

  it('refuses a log that is never given back, and a soak of few samples', () => {
    expect(() =>
      requireSteady(
        soakOf(() => ({ logMb: 2_100 })),
        after,
      ),
    ).toThrow('log');
    expect(() => requireSteady(soakOf().slice(0, 5), after)).toThrow('5 samples');
  });

  it('lets caches fill in a short soak, and nothing else grow', () => {
    const filling = soakOf((index) => ({ serviceHeapMb: 80 + index }));
    requireSteady(filling, after, { isShort: true });
    const leaking = soakOf((index) => ({ serviceHandles: 34 + 2 * index }));
    expect(() => requireSteady(leaking, after, { isShort: true })).toThrow('serviceHandles');
  });
});
