// History that is loaded as a whole: many snapshots and runs in few statements, with the same record as one by one.
import type { Instrument } from '@ballast/domain';
import {
  AccountStore,
  BufferHistoryStore,
  FirmStore,
  HistoryChainStore,
  InstrumentStore,
  MarginRunStore,
  MarketSnapshotStore,
  RequirementStore,
  RiskParameterStore,
} from '@ballast/persistence';
import { account, at, hashOf, indeterminateResult, newRun, option, result, snapshot } from '../support/record-samples';
import { openTestDatabase, type TestDatabase } from '../support/postgres';

const contracts: Instrument[] = [option(90), option(95)];
const days = ['2026-09-30T21:00:00Z', '2026-10-01T21:00:00Z', '2026-10-02T21:00:00Z'].map(at);
const markets = days.map((day, index) => snapshot(day, contracts, `${100 + index}.25`));

const reason = 'a "quoted" \\ reason,\n{in} lines';

let db: TestDatabase;
let scope: { firmId: string };
let ids: string[];
let parameterSetId: string;
let snapshotIds: string[];
let runs: MarginRunStore;

beforeAll(async () => {
  db = await openTestDatabase();
  const { database } = db;
  scope = { firmId: (await new FirmStore(database).create({ code: 'ALPHA', name: 'Alpha Brokerage' })).id };
  const instruments = new InstrumentStore(database);
  await instruments.upsertUnderlyings(scope, [{ id: 'XYZ', kind: 'equity', currency: 'USD' }]);
  await instruments.upsertMany(scope, contracts);
  const { accounts } = await new AccountStore(database).upsertMany(scope, [account('R-1'), account('R-2')]);
  ids = [...accounts.values()].map(({ id }) => id);
  const proposal = { methodology: 'SPAN', name: 'default', effectiveFrom: at('2026-01-01T00:00:00Z'), parameters: {}, proposedBy: 'ann' } as const; // prettier-ignore
  parameterSetId = (await new RiskParameterStore(database).propose(scope, proposal)).id;
  runs = new MarginRunStore(database);
  const inputs = [...markets, ...markets.slice(0, 1)].map((market) => {
    return { snapshot: market, source: 'history', quality: 'OK' as const, qualityReasons: [reason] };
  });
  const stored = await new MarketSnapshotStore(database).insertAll(scope, inputs);
  expect(stored.map(({ inserted }) => inserted)).toEqual([true, true, true, false]);
  expect(stored[3]?.header).toEqual(stored[0]?.header);
  snapshotIds = stored.slice(0, 3).map(({ header }) => header.id);
});

afterAll(async () => {
  await runs?.beforeApplicationShutdown();
  await db?.close();
});

describe('snapshots stored together', () => {
  it('come back as they went in', async () => {
    const store = new MarketSnapshotStore(db.database);
    for (const [index, id] of snapshotIds.entries()) {
      const loaded = await store.load(scope, id);
      expect(loaded?.snapshot).toEqual(markets[index]);
      expect(loaded?.qualityReasons).toEqual([reason]);
    }
  });

  it('with one unknown contract store nothing at all', async () => {
    const day = at('2026-10-05T21:00:00Z');
    const good = snapshot(day, contracts);
    const bad = snapshot(day, [...contracts, option(999)]);
    const store = new MarketSnapshotStore(db.database);
    const inputs = [good, bad].map((market) => ({ snapshot: market, source: 'bad', quality: 'OK' as const }));
    await expect(store.insertAll(scope, inputs)).rejects.toMatchObject({ code: 'REFERENCE_MISSING' });
    expect((await store.findLatest(scope))?.asOf).toBe(days[2]);
  });
});

describe('runs recorded together', () => {
  const parameterSets = () => [{ methodology: 'SPAN' as const, parameterSetId, hash: hashOf('9') }];
  const recorded = (index: number, results: readonly ReturnType<typeof result>[]) => ({
    run: newRun({ asOf: days[index] ?? at('2026-10-02T21:00:00Z'), snapshotId: snapshotIds[index] as string, accountCount: 2, parameterSets: parameterSets() }), // prettier-ignore
    results,
    resultHash: hashOf('d'),
  });

  it('are complete, with every figure, and the newest buffer is that of the last day', async () => {
    const [first, second] = ids as [string, string];
    const history = days.map((_, index) =>
      recorded(index, [
        result(second, parameterSetId, `${index}.00`),
        index === 1 ? indeterminateResult(first, parameterSetId) : result(first, parameterSetId, `-${index}.00`),
      ]),
    );
    await runs.recordAll(scope, history);
    const listed = (await runs.findPage(scope, { first: 10 })).items.map(({ node }) => node);
    expect(listed.map(({ asOf }) => asOf).sort()).toEqual(days);
    const middle = listed.find(({ asOf }) => asOf === days[1]);
    expect(middle).toMatchObject({
      ...{ state: 'COMPLETED', accountsDone: 2, accountsIndeterminate: 1, accountsDegraded: 0, accountsHeld: 0 },
      ...{ resultHash: hashOf('d'), snapshotId: snapshotIds[1], parameterSets: parameterSets() },
    });
    const latest = await new BufferHistoryStore(db.database).findLatest(scope, ids);
    expect([latest.get(first)?.buffer?.amount.toFixed(), latest.get(second)?.buffer?.amount.toFixed()]).toEqual(['-2', '2']); // prettier-ignore
    const requirements = new RequirementStore(db.database);
    const stored = (await requirements.findByRun(scope, listed.find(({ asOf }) => asOf === days[2])?.id ?? '')).find(
      ({ accountId }) => accountId === second,
    );
    const written = result(second, parameterSetId).requirement;
    expect(stored?.warnings).toEqual(written.warnings);
    const detail = (await requirements.findDetails(scope, [stored as NonNullable<typeof stored>])).get(
      stored?.id ?? '',
    );
    expect(detail).toMatchObject({
      scenarios: written.scenarios,
      breakdown: written.breakdown,
      greeks: written.greeks,
    });
  });

  it('stand in the hash chain', async () => {
    expect(await new HistoryChainStore(db.database).verify(scope)).toMatchObject({ breakCount: 0, breaks: [] });
  });

  it('are refused as a whole when one misses an account, or holds a figure that is no number', async () => {
    const [first, second] = ids as [string, string];
    const whole = [result(first, parameterSetId), result(second, parameterSetId)];
    const short = runs.recordAll(scope, [recorded(0, whole), recorded(1, whole.slice(1))]);
    await expect(short).rejects.toMatchObject({ code: 'VALUE_REFUSED' });
    const { requirement } = result(first, parameterSetId);
    const worstScenario = { index: 1, group: 'XYZ', label: 'one', loss: Number.NaN };
    const broken = { ...result(first, parameterSetId), requirement: { ...requirement, worstScenario } };
    const attempt = runs.recordAll(scope, [recorded(0, [broken, ...whole.slice(1)])]);
    await expect(attempt).rejects.toMatchObject({ code: 'VALUE_REFUSED', message: 'loss: expected a finite number, got NaN' }); // prettier-ignore
    expect(await runs.count(scope)).toBe(3);
  });

  it('refuse an unknown snapshot', async () => {
    const [first, second] = ids as [string, string];
    const good = recorded(0, [result(first, parameterSetId), result(second, parameterSetId)]);
    const run = { ...good.run, snapshotId: '00000000-0000-7000-8000-000000000000' };
    await expect(runs.recordAll(scope, [{ ...good, run }])).rejects.toMatchObject({ code: 'REFERENCE_MISSING' });
  });
});
