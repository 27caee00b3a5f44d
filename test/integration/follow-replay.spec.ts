// Markets that were followed, over random streams: each as it would be stored whole, and every run on them computed again.
import { HistoryChainStore, MarketSnapshotStore, snapshotHash } from '@ballast/persistence';
import fc from 'fast-check';
import { openTestDatabase, type TestDatabase, withClient } from '../support/postgres';
import { openReplay } from '../support/run-engine';
import {
  openStreamDesk,
  priceLine,
  quoteLine,
  type StreamDesk,
  type StreamedLines,
  strikes,
  untilTold,
} from '../support/stream-desk';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db?.close());

/** What is said in one step: quotes of some strikes, the price of X, the price of Y, or of both. */
const step = fc.record({
  said: fc.constantFrom('quotes', 'X', 'Y', 'both', 'quotes and Y'),
  quoted: fc.uniqueArray(fc.constantFrom(...strikes), { minLength: 1, maxLength: 9 }),
  seconds: fc.integer({ min: 1, max: 4 }),
});
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** Batches of lines, no two of which say the same, each waited for until its run is over. */
function batchesOf(steps: readonly Step[], only?: 'X' | 'Y'): StreamedLines[] {
  let seconds = 1;
  return steps.map(({ said, quoted, seconds: later }, index) => {
    seconds += later;
    const [x, y] = [(100 + index / 100).toFixed(2), (50 + index / 100).toFixed(2)];
    const ask = (strike: number): string => (Math.max(0, 100 - strike) + 4.1 + (index + 1) / 1_000).toFixed(3);
    const lines = [
      ...(only !== 'Y' && said.startsWith('quotes') ? quoted.map((one) => quoteLine(one, seconds, { ask: ask(one) })) : []),
      ...(only !== 'Y' && ['X', 'both'].includes(said) ? [priceLine('X', x, seconds)] : []),
      ...(only !== 'X' && ['Y', 'both', 'quotes and Y'].includes(said) ? [priceLine('Y', y, seconds)] : []),
    ]; // prettier-ignore
    const instead = only === 'X' ? priceLine('X', x, seconds) : priceLine('Y', y, seconds);
    return {
      lines: lines.length === 0 ? [instead] : lines,
      seconds,
      after: untilTold('evaluated', index + 1),
    };
  });
}

/** Every market of the desk: read as it is stored, its hash computed from that, and found again when it is stored whole. */
async function expectWhole({ scope, snapshots }: StreamDesk): Promise<number> {
  const { rows } = await withClient(db.superuserUrl, (client) =>
    client.query<{ id: string; parts: unknown }>(
      'SELECT snapshot_id AS id, parts FROM market_snapshots WHERE firm_id = $1 ORDER BY as_of, known_at',
      [scope.firmId],
    ),
  );
  const fresh = new MarketSnapshotStore(db.database);
  for (const { id } of rows) {
    const stored = await fresh.load(scope, id);
    if (stored === null) throw new Error(`no snapshot ${id}`);
    expect(snapshotHash(stored.snapshot, stored.hashForm)).toBe(stored.hash);
    const ids = [...stored.snapshot.instruments.keys()];
    expect((await snapshots.loadNext(scope, id, ids))?.snapshot).toEqual(stored.snapshot);
    const again = await fresh.insert(scope, { snapshot: stored.snapshot, source: 'again', quality: 'OK' });
    expect(again).toMatchObject({ inserted: false, header: { id } });
  }
  return rows.filter(({ parts }) => parts !== null).length;
}

async function expectReplayed({ scope, runs }: StreamDesk): Promise<void> {
  const { items } = await runs.findPage(scope, { first: 500 });
  for (const { node } of items)
    expect(await openReplay(db.database).execute({ ...scope, runId: node.id })).toMatchObject({
      ...{ accounts: node.accountsDone, differences: [], differenceCount: 0 },
    });
  expect((await new HistoryChainStore(db.database).verify(scope)).breaks).toEqual([]);
}

describe('a followed market', () => {
  it('is what it would be stored whole, snapshot by snapshot, and its runs are replayed, over random streams', async () => {
    let differences = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 8 }), async (steps) => {
        const desk = await openStreamDesk(db);
        const half = Math.ceil(steps.length / 2);
        const batches = batchesOf(steps);
        await desk.follow(batches.slice(0, half));
        // Explained, in between, by who has the market in memory; the process that follows after it has nothing.
        await desk.runMargin.execute({ ...desk.scope, requestedBy: 'test' });
        const rest = batches
          .slice(half)
          .map((batch, index) => ({ ...batch, after: untilTold('evaluated', index + 1) }));
        await desk.follow(rest);
        differences += await expectWhole(desk);
        await expectReplayed(desk);
        await desk.engine.close();
      }),
      { numRuns: 3 },
    );
    expect(differences).toBeGreaterThan(0);
  });

  it('is one market where two processes follow a stream each, and every run on it is replayed', async () => {
    const desk = await openStreamDesk(db);
    const steps = Array.from({ length: 6 }, (_, index): Step => ({
      said: 'both',
      quoted: [80 + 2 * index],
      seconds: 1,
    }));
    const of = (only: 'X' | 'Y') =>
      batchesOf(steps, only).map(({ lines, seconds }) => ({ lines, seconds: seconds + (only === 'X' ? 0 : 0.5) }));
    const followers = (['X', 'Y'] as const).map((only) => desk.follow(of(only), { stream: only }));
    const reports = await Promise.all(followers);
    expect(reports.map(({ report }) => report.rejected)).toEqual([0, 0]);
    const { snapshot } = await desk.latest();
    expect(['X', 'Y'].map((id) => snapshot.underlyings.get(id)?.price?.toFixed())).toEqual(['100.05', '50.05']);
    await expectWhole(desk);
    await expectReplayed(desk);
    await desk.engine.close();
  });
});
