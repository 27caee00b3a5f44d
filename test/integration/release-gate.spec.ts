import { Decimal, type Instant, instantOf, type MarketSnapshot, type QuoteFlag } from '@ballast/domain';
import {
  AccountStore,
  BalanceStore,
  BufferHistoryStore,
  FirmControlsStore,
  HeldRequirementStore,
  IdempotencyStore,
  MarginCallStore,
  MarginRunStore,
  MarketSnapshotStore,
  PositionStore,
  RequirementStore,
  type StoredRequirement,
} from '@ballast/persistence';
import { type Principal, ReleaseHeldRequirement, ReleaseStores, type RunMargin } from '@ballast/use-cases';
import { closes, fillFirm, openRunMargin } from '../support/api-world';
import { openMarginCallDecisions } from '../support/run-engine';
import { cutListeners, openWatches, takeFrom } from '../support/open-watches';
import { openTestDatabase, type TestDatabase, withClient } from '../support/postgres';

let db: TestDatabase;
let runMargin: RunMargin;
let release: ReleaseHeldRequirement;

beforeAll(async () => {
  db = await openTestDatabase();
  runMargin = openRunMargin(db.database);
  const { database } = db;
  release = new ReleaseHeldRequirement(
    new IdempotencyStore(database),
    new ReleaseStores(
      new MarginRunStore(database),
      new AccountStore(database),
      new HeldRequirementStore(database),
      new RequirementStore(database),
    ),
    openMarginCallDecisions(database),
  );
});
afterAll(() => db?.close());

/** A firm of one account with short strangles and cash enough for them, evaluated at the first close. */
async function openBook(code: string) {
  const { firmId, accounts } = await fillFirm(db, code, 1, []);
  const accountId = [...accounts.values()][0] ?? '';
  const scope = { firmId };
  const cash = { accountId, currency: 'USD', amount: new Decimal(30_000), reason: 'transfer', recordedBy: 'test' };
  await new BalanceStore(db.database).record(scope, { ...cash, valueAt: instantOf(closes[0] - 60_000) });
  await runMargin.execute({ ...scope, asOf: closes[0], requestedBy: 'test' });
  const principal: Principal = { subject: 'ruth', firmId, roles: ['risk'] };
  const hold = (quantity: number, validFrom: Instant) =>
    new PositionStore(db.database).record(scope, {
      accountId,
      validFrom,
      mode: 'REPLACE',
      positions: ['XYZ-2612-110-C', 'XYZ-2612-90-P'].map((instrumentId) => ({
        instrumentId,
        quantity: new Decimal(quantity),
      })),
      source: 'test',
    });
  const run = (asOf: Instant) => runMargin.execute({ ...scope, asOf, requestedBy: 'test' });
  const read = async (at: { asOf?: Instant; knownAt?: Instant } = {}): Promise<StoredRequirement> => {
    const found = (await new RequirementStore(db.database).findLatest(scope, [accountId], at)).get(accountId);
    if (found === undefined) throw new Error('no requirement');
    return found;
  };
  /** Stores the snapshot of a close again, an hour later, with changed quotes. */
  const publish = async (close: Instant, change: (snapshot: MarketSnapshot) => MarketSnapshot) => {
    const store = new MarketSnapshotStore(db.database);
    const header = await store.findAsOf(scope, close);
    const base = (await store.load(scope, header?.id ?? ''))?.snapshot;
    if (base === undefined) throw new Error('no snapshot');
    const asOf = instantOf(close + 3_600_000);
    await store.insert(scope, { snapshot: { ...change(base), asOf }, source: 'test', quality: 'OK' });
    return asOf;
  };
  const latestBuffer = async () =>
    (await new BufferHistoryStore(db.database).findLatest(scope, [accountId])).get(accountId);
  const calls = () => new MarginCallStore(db.database).findPage(scope, { first: 10 }).then(({ items }) => items.map(({ node }) => node)); // prettier-ignore
  return { firmId, accountId, scope, principal, hold, run, read, publish, latestBuffer, calls };
}

const figures = ({ initialRequirement, maintenanceRequirement }: StoredRequirement) =>
  [initialRequirement?.amount, maintenanceRequirement?.amount] as [Decimal, Decimal];

describe('the release gate', () => {
  it('holds a large move until a person confirms it, and rewrites nothing', async () => {
    const book = await openBook('HOLD');
    const before = await book.read();
    expect(before.quality).toBe('OK');
    await book.hold(-50, instantOf(closes[1] - 60_000));
    const run = await book.run(closes[1]);
    expect([run.accountsHeld, run.accountsDegraded, run.accountsIndeterminate]).toEqual([1, 0, 0]);

    const held = await book.read();
    expect(held.quality).toBe('HELD');
    expect(figures(held)[1].greaterThan(figures(before)[1].times(5))).toBe(true);
    for (const [side, amount] of [
      ['maintenance', figures(before)[1]],
      ['maintenance', figures(held)[1]],
    ] as const)
      expect(held.qualityReasons.find((reason) => reason.includes(side))).toContain(amount.toFixed(2));
    // Equity covers the old requirement and not the new one: no call before somebody confirms.
    expect(held.status).toBe(before.status);
    expect(held.hold).toMatchObject({ confirmation: null, statusOnRelease: 'LIQUIDATION', qualityOnRelease: 'OK' });
    expect(held.hold?.released.runId).toBe(before.runId);

    expect(await book.calls()).toEqual([]);

    const heldAt = instantOf(Date.now());
    const { released, stillHeld } = await release.execute(book.principal, {
      idempotencyKey: 'r-1',
      runId: run.id,
      reason: 'new client book',
    });
    expect([released.length, stillHeld]).toEqual([1, 0]);
    const confirmed = await book.read();
    expect([confirmed.quality, confirmed.status]).toEqual(['OK', 'LIQUIDATION']);
    expect(confirmed.hold?.confirmation).toMatchObject({ confirmedBy: 'ruth', reason: 'new client book' });
    expect(figures(confirmed)).toEqual(figures(held));
    expect(await book.latestBuffer()).toMatchObject({ status: 'LIQUIDATION', quality: 'OK' });
    // The call that the held figure implied is raised by the confirmation: max(initial, 1.2 × maintenance) − equity.
    const [initial, maintenance] = figures(confirmed);
    const amount = Decimal.max(initial, maintenance.times('1.2')).minus(confirmed.equity?.amount ?? Number.NaN);
    const raised = await book.calls();
    expect(raised).toHaveLength(1);
    expect(raised[0]).toMatchObject({ state: 'RAISED', evaluatedRunId: run.id, raisedAt: closes[1] });
    expect(raised[0]?.amount.toFixed(2)).toBe(amount.toDecimalPlaces(2, Decimal.ROUND_CEIL).toFixed(2));
    // Time to meet it counts from the confirmation, not from figures that nobody was told of.
    expect(raised[0]?.dueAt).toBeGreaterThan(Math.max(closes[1], confirmed.hold?.confirmation?.confirmedAt ?? 0));
    // What was known before the confirmation is still known.
    expect(await book.read({ knownAt: heldAt })).toMatchObject({ quality: 'HELD', status: before.status });
    const stored = await withClient(db.superuserUrl, (client) =>
      client.query('SELECT quality FROM requirements WHERE run_id = $1', [run.id]),
    );
    expect(stored.rows).toEqual([{ quality: 'HELD' }]);

    // The confirmed figure is what the next one is compared with.
    expect((await book.run(closes[2])).accountsHeld).toBe(0);
  });

  it('closes with the confirmation the call that a held fall of the requirement ends', async () => {
    const book = await openBook('FALL');
    await book.hold(-50, instantOf(closes[1] - 60_000));
    const up = await book.run(closes[1]);
    const confirm = (runId: string, idempotencyKey: string) =>
      release.execute(book.principal, { idempotencyKey, runId, reason: 'checked with the desk' });
    await confirm(up.id, 'up');
    expect((await book.calls()).map(({ state }) => state)).toEqual(['RAISED']);
    await book.hold(0, instantOf(closes[2] - 60_000));
    const down = await book.run(closes[2]);
    expect(down.accountsHeld).toBe(1);
    expect((await book.calls()).map(({ state }) => state)).toEqual(['RAISED']);
    await confirm(down.id, 'down');
    expect((await book.calls()).map(({ state, closeReason }) => [state, closeReason])).toEqual([
      ['CLOSED', 'RELEASED'],
    ]);
  });

  it('tells those who watch of the call and of the buffer, also when the confirmation fell into a lost connection', async () => {
    const watches = openWatches(db.database);
    const book = await openBook('WATCHED');
    const confirm = (runId: string, idempotencyKey: string) =>
      release.execute(book.principal, { idempotencyKey, runId, reason: 'checked with the desk' });
    /** Watches from after the end of a run, so that nothing but the confirmation can tell, and gives what came. */
    const watchFrom = async (runId: string, confirming: () => Promise<unknown>) => {
      const calls = await watches.calls.open(book.principal, {});
      const buffers = await watches.buffers.open(book.principal, {});
      await confirming();
      expect(await takeFrom(calls, 1)).toMatchObject([{ accountId: book.accountId, raisedRunId: runId }]);
      expect(await takeFrom(buffers, 1)).toMatchObject([{ runId, status: 'LIQUIDATION', quality: 'OK' }]);
      await Promise.all([calls.return(), buffers.return()]);
    };
    await book.hold(-50, instantOf(closes[1] - 60_000));
    const up = await book.run(closes[1]);
    await watchFrom(up.id, () => confirm(up.id, 'up'));
    await book.hold(0, instantOf(closes[2] - 60_000));
    await confirm((await book.run(closes[2])).id, 'down');
    await book.hold(-60, instantOf(closes[2] + 60_000));
    const again = await book.run(instantOf(closes[2] + 120_000));
    await watchFrom(again.id, () => cutListeners(db.superuserUrl, () => confirm(again.id, 'again')));
    await watches.close();
  });

  it('raises no call by the confirmation of a run that a later one followed', async () => {
    const book = await openBook('LATE');
    await book.hold(-50, instantOf(closes[1] - 60_000));
    const held = await book.run(closes[1]);
    await book.hold(-5, instantOf(closes[2] - 60_000));
    expect((await book.run(closes[2])).accountsHeld).toBe(0);
    await release.execute(book.principal, { idempotencyKey: 'late', runId: held.id, reason: 'for the file' });
    expect(await book.calls()).toEqual([]);
  });

  it('compares with the last released figure as long as nobody confirms', async () => {
    const book = await openBook('WAIT');
    await book.hold(-50, instantOf(closes[1] - 60_000));
    expect((await book.run(closes[1])).accountsHeld).toBe(1);
    expect((await book.run(closes[2])).accountsHeld).toBe(1);
    await book.hold(-5, instantOf(closes[2] - 30_000));
    expect((await book.run(closes[2])).accountsHeld).toBe(0);
  });

  it('takes the limits in effect at the instant of the run', async () => {
    const book = await openBook('LIMIT');
    const controls = { releaseFraction: 20, releaseAmount: 1e9 };
    await new FirmControlsStore(db.database).add(book.scope, {
      effectiveFrom: closes[2],
      controls,
      recordedBy: 'ruth',
    });
    await book.hold(-50, instantOf(closes[1] - 60_000));
    expect((await book.run(closes[1])).accountsHeld).toBe(1);
    expect((await book.run(closes[2])).accountsHeld).toBe(0);
  });

  it('refuses a release by the wrong role, without a reason, of an unknown run, of nothing, and twice', async () => {
    const book = await openBook('REFUSE');
    const run = await book.run(closes[1]);
    const attempt = (changes: object, who: Partial<Principal> = {}) =>
      release.execute({ ...book.principal, ...who }, { idempotencyKey: 'k', runId: run.id, reason: 'x', ...changes });
    await expect(attempt({}, { roles: ['broker'] })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(attempt({}, { accountIds: [book.accountId] })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(attempt({ reason: ' ' })).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'reason' });
    await expect(attempt({ runId: 'nope' })).rejects.toMatchObject({ code: 'NOT_FOUND', field: 'runId' });
    await expect(attempt({ accountCode: 'nope' })).rejects.toMatchObject({ code: 'NOT_FOUND', field: 'accountCode' });
    await expect(attempt({})).rejects.toMatchObject({ code: 'CONFLICT' });
    const other = await openBook('OTHER');
    await expect(
      release.execute(other.principal, { idempotencyKey: 'k', runId: run.id, reason: 'x' }),
    ).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('the ratchet', () => {
  const flag = (snapshot: MarketSnapshot, flags: readonly QuoteFlag[], volatility: number): MarketSnapshot => ({
    ...snapshot,
    instruments: new Map(
      [...snapshot.instruments].map(([id, quote]) => [
        id,
        quote.impliedVolatility === null ? quote : { ...quote, impliedVolatility: volatility, flags },
      ]),
    ),
  });

  it('never lets a requirement fall on bad data, and lets it rise', async () => {
    const book = await openBook('RATCHET');
    const good = await book.read();
    const quiet = await book.publish(closes[0], (snapshot) => flag(snapshot, ['Q_STALE'], 0.4));
    const run = await book.run(quiet);
    expect(run.accountsDegraded).toBe(1);
    const kept = await book.read();
    expect(kept.quality).toBe('DEGRADED');
    expect(figures(kept)).toEqual(figures(good));
    expect(kept.qualityReasons).toEqual([
      'Q_STALE: XYZ-2612-110-C',
      'Q_STALE: XYZ-2612-90-P',
      expect.stringMatching(/^RATCHET: held at initial/),
    ]);
    const loud = await book.publish(quiet, (snapshot) => flag(snapshot, ['Q_STALE'], 0.05));
    await book.run(loud);
    const raised = await book.read();
    expect(figures(raised)[1].greaterThan(figures(good)[1])).toBe(true);
    expect(['DEGRADED', 'HELD']).toContain(raised.quality);
  });

  it('takes the computed figure for other positions, and says so', async () => {
    const book = await openBook('CHANGED');
    const quiet = await book.publish(closes[0], (snapshot) => flag(snapshot, ['Q_STALE'], 0.4));
    await book.hold(-4, instantOf(quiet - 1_000));
    await book.run(quiet);
    const found = await book.read();
    expect(found.quality).toBe('DEGRADED');
    expect(found.qualityReasons.at(-1)).toContain('RATCHET_OFF: positions changed');
  });
});
