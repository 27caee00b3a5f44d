import { Decimal, type Instrument } from '@ballast/domain';
import {
  AccountStore,
  BalanceStore,
  BufferHistoryStore,
  BufferPolicyStore,
  FirmStore,
  IdempotencyStore,
  InstrumentStore,
  MarginRunStore,
  MarketSnapshotStore,
  PositionStore,
  RequirementStore,
  RiskParameterStore,
} from '@ballast/persistence';
import { account, at, indeterminateResult, newRun, option, result, snapshot } from '../support/record-samples';
import { openTestDatabase, type TestDatabase } from '../support/postgres';

let db: TestDatabase;
let firmId: string;
let stores: ReturnType<typeof makeStores>;

function makeStores({ database }: TestDatabase) {
  return {
    accounts: new AccountStore(database),
    balances: new BalanceStore(database),
    history: new BufferHistoryStore(database),
    policies: new BufferPolicyStore(database),
    firms: new FirmStore(database),
    idempotency: new IdempotencyStore(database),
    instruments: new InstrumentStore(database),
    runs: new MarginRunStore(database),
    snapshots: new MarketSnapshotStore(database),
    positions: new PositionStore(database),
    requirements: new RequirementStore(database),
    parameters: new RiskParameterStore(database),
  };
}

const scope = () => ({ firmId });
const contracts: Instrument[] = [option(90), option(95), option(100), option(105), option(110, 'put')];

beforeAll(async () => {
  db = await openTestDatabase();
  stores = makeStores(db);
  firmId = (await stores.firms.create({ code: 'ALPHA', name: 'Alpha Brokerage' })).id;
  await stores.instruments.upsertUnderlyings(scope(), [{ id: 'XYZ', kind: 'equity', currency: 'USD' }]);
  await stores.instruments.upsertMany(scope(), contracts);
});

afterAll(async () => {
  await stores?.runs.beforeApplicationShutdown();
  await db?.close();
});

const ended = { resultHash: 'f'.repeat(64) };
describe('firms', () => {
  it('are listed for the process and found by code', async () => {
    expect(await stores.firms.findByCode('ALPHA')).toEqual({ id: firmId, code: 'ALPHA', name: 'Alpha Brokerage' });
    expect(await stores.firms.findByCode('alpha')).toBeNull();
    expect((await stores.firms.findAll()).map((firm) => firm.code)).toEqual(['ALPHA']);
  });

  it('refuse a code that is taken', async () => {
    await expect(stores.firms.create({ code: 'ALPHA', name: 'Another' })).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});

describe('accounts', () => {
  it('are added once, changed where they may, and counted', async () => {
    const wanted = [account('UP-1'), account('UP-2'), account('UP-3')];
    const first = await stores.accounts.upsertMany(scope(), wanted);
    expect(first).toMatchObject({ inserted: 3, updated: 0, unchanged: 0 });
    const renamed = wanted.map((item, index) => (index === 1 ? { ...item, name: 'New name' } : item));
    const second = await stores.accounts.upsertMany(scope(), renamed);
    expect(second).toMatchObject({ inserted: 0, updated: 1, unchanged: 2 });
    expect(second.accounts.get('UP-2')).toMatchObject({ name: 'New name', id: first.accounts.get('UP-2')?.id });
    expect(await stores.accounts.findById(scope(), first.accounts.get('UP-1')?.id as string)).toMatchObject({
      code: 'UP-1',
    });
    expect(await stores.accounts.findById(scope(), 'no uuid')).toBeNull();
  });

  it('refuse another base currency, because history is stated in it', async () => {
    await stores.accounts.upsertMany(scope(), [account('CCY')]);
    const change = stores.accounts.upsertMany(scope(), [{ ...account('CCY'), baseCurrency: 'EUR' }]);
    await expect(change).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});

describe('instruments', () => {
  it('come back exactly as they went in, and a repeat adds nothing', async () => {
    expect(await stores.instruments.upsertMany(scope(), contracts)).toEqual({ inserted: 0, unchanged: 5 });
    const found = await stores.instruments.findByIds(scope(), [...contracts.map(({ id }) => id), 'unknown']);
    expect(found).toEqual(new Map(contracts.map((contract) => [contract.id, contract])));
  });

  it('never change their terms', async () => {
    const changed = { ...(contracts[0] as Instrument), multiplier: new Decimal(150) };
    const attempt = stores.instruments.upsertMany(scope(), [changed]);
    await expect(attempt).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('XYZ-90-C') });
  });

  it('refuse an unknown underlying', async () => {
    const orphan = { ...option(120), id: 'ABC-120-C', underlying: 'ABC' };
    const attempt = stores.instruments.upsertMany(scope(), [orphan]);
    await expect(attempt).rejects.toMatchObject({ code: 'REFERENCE_MISSING' });
  });

  it('hold futures, perpetuals and the underlying itself', async () => {
    const base = { underlying: 'XYZ', multiplier: new Decimal('0.1'), currency: 'USD', settlement: 'inverse' as const };
    const others: Instrument[] = [
      { ...base, id: 'XYZ-F', type: 'future', expiry: at('2027-01-15T15:00:00.123Z') },
      { ...base, id: 'XYZ-PERP', type: 'perpetual' },
      { ...base, id: 'XYZ', type: 'underlying' },
    ];
    await stores.instruments.upsertMany(scope(), others);
    const found = await stores.instruments.findByIds(scope(), ['XYZ-F', 'XYZ-PERP', 'XYZ']);
    expect(found).toEqual(new Map(others.map((item) => [item.id, item])));
  });

  it('page by page give the same list as at once', async () => {
    const filter = { type: 'option' as const };
    const whole = await stores.instruments.findPage(scope(), { first: 100, filter });
    const seen: string[] = [];
    for (let after: string | null = null, more = true; more;) {
      const page = await stores.instruments.findPage(scope(), { first: 2, after, filter });
      seen.push(...page.items.map(({ node }) => node.id));
      after = page.items.at(-1)?.cursor ?? null;
      more = page.hasNextPage;
    }
    expect(seen).toEqual(whole.items.map(({ node }) => node.id));
    expect(seen).toEqual([...contracts.map(({ id }) => id)].sort());
    expect(await stores.instruments.count(scope(), filter)).toBe(5);
  });
});

describe('market snapshots', () => {
  it('come back with the content they were hashed over', async () => {
    const market = snapshot(at('2026-11-20T21:00:00Z'), contracts);
    const { header, inserted } = await stores.snapshots.insert(scope(), {
      snapshot: market,
      source: 'test',
      quality: 'OK',
    });
    expect(inserted).toBe(true);
    const loaded = await stores.snapshots.load(scope(), header.id);
    expect(loaded?.snapshot).toEqual(market);
    expect(loaded).toMatchObject({ hash: header.hash, underlyingCount: 1, instrumentCount: 5, source: 'test' });
  });

  it('with the same content are stored once', async () => {
    const market = snapshot(at('2026-11-20T21:00:00Z'), contracts);
    const again = await stores.snapshots.insert(scope(), { snapshot: market, source: 'again', quality: 'OK' });
    expect(again).toMatchObject({ inserted: false, header: { source: 'test' } });
  });

  it('are found by time', async () => {
    const input = { source: 'test', quality: 'OK' as const };
    await stores.snapshots.insert(scope(), { ...input, snapshot: snapshot(at('2026-11-18T21:00:00Z'), contracts) });
    expect((await stores.snapshots.findAsOf(scope(), at('2026-11-19T00:00:00Z')))?.asOf).toBe(
      at('2026-11-18T21:00:00Z'),
    );
    expect((await stores.snapshots.findLatest(scope()))?.asOf).toBe(at('2026-11-20T21:00:00Z'));
    expect(await stores.snapshots.findAsOf(scope(), at('2026-11-01T00:00:00Z'))).toBeNull();
    expect(await stores.snapshots.findAsOf(scope(), at('2026-11-19T00:00:00Z'), at('2020-01-01T00:00:00Z'))).toBeNull();
  });

  it('with an unknown contract store nothing at all', async () => {
    const market = snapshot(at('2026-11-17T21:00:00Z'), [...contracts, option(999)]);
    const attempt = stores.snapshots.insert(scope(), { snapshot: market, source: 'bad', quality: 'OK' });
    await expect(attempt).rejects.toMatchObject({ code: 'REFERENCE_MISSING' });
    expect(await stores.snapshots.findAsOf(scope(), at('2026-11-17T22:00:00Z'))).toBeNull();
  });
});

describe('a run', () => {
  let ids: string[];
  let snapshotId: string;
  let parameterSetId: string;

  beforeAll(async () => {
    const { accounts } = await stores.accounts.upsertMany(scope(), [account('R-1'), account('R-2'), account('R-3')]);
    ids = [...accounts.values()].map(({ id }) => id);
    const market = snapshot(at('2026-11-20T21:00:00Z'), contracts);
    snapshotId = (await stores.snapshots.insert(scope(), { snapshot: market, source: 'test', quality: 'OK' })).header
      .id;
    const proposal = {
      methodology: 'SPAN' as const,
      name: 'default',
      effectiveFrom: at('2026-01-01T00:00:00Z'),
      parameters: { scanRange: 0.15, tiny: 1e-7 },
      proposedBy: 'ann',
    };
    parameterSetId = (await stores.parameters.propose(scope(), proposal)).id;
  });

  it('shows nothing before it is complete, and everything after', async () => {
    const asOf = at('2026-11-20T21:00:00Z');
    const run = await stores.runs.open(scope(), newRun({ asOf, snapshotId, accountCount: 3 }));
    expect(run).toMatchObject({ state: 'RUNNING', accountsDone: 0, resultHash: null });
    let seenInside: number | null = null;
    const completed = await stores.runs.complete(scope(), run.id, async (sink) => {
      await sink.write([
        result(ids[0] as string, parameterSetId, '500.00'),
        result(ids[1] as string, parameterSetId, '-20.00'),
      ]);
      seenInside = (await stores.requirements.findLatest(scope(), ids)).size;
      await sink.write([indeterminateResult(ids[2] as string, parameterSetId)]);
      return { resultHash: 'd'.repeat(64) };
    });
    expect(seenInside).toBe(0);
    expect(completed).toMatchObject({ state: 'COMPLETED', accountsDone: 3, accountsIndeterminate: 1 });
    expect((await stores.requirements.findByRun(scope(), run.id)).length).toBe(3);
  });

  it('leaves a requirement that reads as it was written', async () => {
    const written = result(ids[0] as string, parameterSetId, '500.00');
    const stored = (await stores.requirements.findLatest(scope(), ids)).get(ids[0] as string);
    expect(stored).toMatchObject({
      initialRequirement: written.requirement.initialRequirement,
      maintenanceRequirement: written.requirement.maintenanceRequirement,
      buffer: written.buffer,
      worstScenario: written.requirement.worstScenario,
      warnings: written.requirement.warnings,
      inputHash: written.inputHash,
    });
    expect(stored?.bufferRatio?.toFixed()).toBe('0.5');
    const detail = (await stores.requirements.findDetails(scope(), [stored as NonNullable<typeof stored>])).get(
      stored?.id as string,
    );
    const { scenarios, breakdown, contributions, greeks, model } = written.requirement;
    const { equityComponents, collateral } = written;
    expect(detail).toEqual({ scenarios, breakdown, contributions, greeks, model, equityComponents, collateral });
  });

  it('without figures stores none', async () => {
    const stored = (await stores.requirements.findLatest(scope(), ids)).get(ids[2] as string);
    expect(stored).toMatchObject({
      equity: null,
      buffer: null,
      quality: 'INDETERMINATE',
      maintenanceRequirement: null,
    });
  });

  it('of an earlier time does not replace the newest buffer, but is found as of its time', async () => {
    const asOf = at('2026-11-18T21:00:00Z');
    await stores.runs.record(scope(), newRun({ asOf, snapshotId, accountCount: 1 }), async (sink) => {
      await sink.write([result(ids[0] as string, parameterSetId, '77.00')]);
      return { resultHash: 'e'.repeat(64) };
    });
    const latest = (await stores.history.findLatest(scope(), ids)).get(ids[0] as string);
    expect(latest?.buffer?.amount.toFixed(2)).toBe('500.00');
    const then = await stores.requirements.findLatest(scope(), ids, { asOf: at('2026-11-19T00:00:00Z') });
    expect([...then.keys()]).toEqual([ids[0]]);
    expect(then.get(ids[0] as string)?.buffer?.amount.toFixed(2)).toBe('77.00');
    const before = await stores.requirements.findLatest(scope(), ids, { knownAt: at('2026-01-01T00:00:00Z') });
    expect(before.size).toBe(0);
  });

  it('that misses an account is refused as a whole', async () => {
    const twoAccounts = newRun({ asOf: at('2026-11-21T00:00:00Z'), snapshotId, accountCount: 2 });
    const run = await stores.runs.open(scope(), twoAccounts);
    const attempt = stores.runs.complete(scope(), run.id, async (sink) => {
      await sink.write([result(ids[0] as string, parameterSetId)]);
      return { resultHash: 'd'.repeat(64) };
    });
    await expect(attempt).rejects.toMatchObject({ code: 'VALUE_REFUSED' });
    expect(await stores.requirements.findByRun(scope(), run.id)).toEqual([]);
    await stores.runs.fail(scope(), run.id, 'one account has no result');
    expect(await stores.runs.findById(scope(), run.id)).toMatchObject({ state: 'FAILED' });
    const late = stores.runs.complete(scope(), run.id, () => Promise.resolve({ resultHash: 'd'.repeat(64) }));
    await expect(late).rejects.toMatchObject({ code: 'RUN_NOT_OPEN' });
  });

  it('whose process died is marked as failed; one whose process lives is not', async () => {
    const other = new MarginRunStore(db.database);
    const oneAccount = newRun({ asOf: at('2026-11-21T01:00:00Z'), snapshotId, accountCount: 1 });
    const alive = await stores.runs.open(scope(), oneAccount);
    const dead = await other.open(scope(), oneAccount);
    await other.beforeApplicationShutdown();
    expect(await stores.runs.failAbandoned(scope())).toEqual([dead.id]);
    expect(await stores.runs.findById(scope(), alive.id)).toMatchObject({ state: 'RUNNING' });
    await stores.runs.fail(scope(), alive.id, 'test over');
    expect(await stores.runs.failAbandoned(scope())).toEqual([]);
  });

  it('is found by its idempotency key, which works once', async () => {
    const input = newRun({ asOf: at('2026-11-21T02:00:00Z'), snapshotId, accountCount: 0, idempotencyKey: 'k-1' });
    const run = await stores.runs.record(scope(), input, async () => ended);
    expect((await stores.runs.findByIdempotencyKey(scope(), 'k-1'))?.id).toBe(run.id);
    const again = stores.runs.record(scope(), input, async () => ended);
    await expect(again).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('over a part of the firm is not the latest of the firm', async () => {
    const record = (asOf: string, more: object) =>
      stores.runs.record(scope(), newRun({ asOf: at(asOf), snapshotId, accountCount: 0, ...more }), async () => ended);
    const whole = await record('2026-11-21T02:30:00Z', {});
    expect((await record('2026-11-21T02:31:00Z', { isPart: true })).state).toBe('COMPLETED');
    expect((await stores.runs.findLatestCompleted(scope()))?.id).toBe(whole.id);
  });

  it('lists newest first, page by page', async () => {
    const whole = (await stores.runs.findPage(scope(), { first: 100 })).items.map(({ node }) => node.id);
    const seen: string[] = [];
    for (let after: string | null = null, more = true; more;) {
      const page = await stores.runs.findPage(scope(), { first: 2, after });
      seen.push(...page.items.map(({ node }) => node.id));
      after = page.items.at(-1)?.cursor ?? null;
      more = page.hasNextPage;
    }
    expect(seen).toEqual(whole);
    expect(seen.length).toBe(await stores.runs.count(scope()));
  });
});

describe('idempotency', () => {
  it('does a thing once per key, also when asked twice at a time', async () => {
    let performed = 0;
    const ask = (request: unknown) =>
      stores.idempotency.once(scope(), { operation: 'recordBalance', key: 'abc', request }, () => {
        performed += 1;
        return Promise.resolve({ balance: '12.50' });
      });
    const answers = await Promise.all([ask({ amount: '12.50' }), ask({ amount: '12.50' })]);
    expect(answers.map(({ response }) => response)).toEqual([{ balance: '12.50' }, { balance: '12.50' }]);
    expect(answers.map(({ repeated }) => repeated).sort()).toEqual([false, true]);
    expect(performed).toBe(1);
    await expect(ask({ amount: '13.00' })).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});

describe('risk parameters', () => {
  it('take two persons, keep their digits, and are in effect from their date', async () => {
    const proposal = {
      methodology: 'TIMS' as const,
      name: 'first',
      effectiveFrom: at('2026-06-01T00:00:00Z'),
      parameters: { z: 1e-7, a: [0.1, 1e21] },
      proposedBy: 'ann',
    };
    const set = await stores.parameters.propose(scope(), proposal);
    expect(set).toMatchObject({ version: 1, status: 'PROPOSED', parameters: proposal.parameters });
    const query = { methodology: 'TIMS' as const, asOf: at('2026-11-01T00:00:00Z') };
    expect(await stores.parameters.findInEffect(scope(), query)).toBeNull();
    const alone = stores.parameters.decide(scope(), { id: set.id, status: 'APPROVED', decidedBy: 'ann' });
    await expect(alone).rejects.toMatchObject({ code: 'VALUE_REFUSED' });
    await stores.parameters.decide(scope(), { id: set.id, status: 'APPROVED', decidedBy: 'bob' });
    const twice = stores.parameters.decide(scope(), { id: set.id, status: 'REJECTED', decidedBy: 'bob' });
    await expect(twice).rejects.toMatchObject({ code: 'CONFLICT' });
    expect((await stores.parameters.findInEffect(scope(), query))?.id).toBe(set.id);
    expect(await stores.parameters.findInEffect(scope(), { ...query, asOf: at('2026-05-01T00:00:00Z') })).toBeNull();
  });
});

describe('buffer policies', () => {
  const multiples = {
    liquidationMultiple: new Decimal('0.75'),
    marginCallMultiple: new Decimal(1),
    watchMultiple: new Decimal('1.1'),
    callTargetMultiple: new Decimal('1.2'),
    releaseMultiple: new Decimal('1.3'),
    fxHaircuts: { EUR: new Decimal('0.05') },
  };

  it("of an account win over the firm's, and the latest in effect wins", async () => {
    const { accounts } = await stores.accounts.upsertMany(scope(), ['P-1', 'P-2', 'P-3'].map(account));
    const [first, second, third] = [...accounts.values()].map(({ id }) => id) as [string, string, string];
    const effectiveFrom = at('2026-01-01T00:00:00Z');
    await stores.policies.add(scope(), { ...multiples, accountId: null, effectiveFrom, recordedBy: 'ann' });
    const own = {
      ...multiples,
      watchMultiple: new Decimal('1.25'),
      accountId: first,
      effectiveFrom,
      recordedBy: 'ann',
    };
    await stores.policies.add(scope(), own);
    const found = await stores.policies.findInEffect(scope(), [first, second, third], at('2026-11-01T00:00:00Z'));
    expect(found.get(third)).toBe(found.get(second));
    expect(found.get(first)?.watchMultiple.toFixed()).toBe('1.25');
    expect(found.get(second)?.watchMultiple.toFixed()).toBe('1.1');
    expect(found.get(second)?.fxHaircuts['EUR']?.toFixed()).toBe('0.05');
    expect((await stores.policies.findInEffect(scope(), [first], at('2025-11-01T00:00:00Z'))).size).toBe(0);
  });

  it('refuse steps out of order', async () => {
    const bad = { ...multiples, watchMultiple: new Decimal('0.9') };
    const attempt = stores.policies.add(scope(), {
      ...bad,
      accountId: null,
      effectiveFrom: at('2026-01-01T00:00:00Z'),
      recordedBy: 'ann',
    });
    await expect(attempt).rejects.toMatchObject({ code: 'VALUE_REFUSED' });
  });
});
