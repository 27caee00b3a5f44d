import { Decimal, type Instant, type MarketSnapshot, parseInstant, type QuoteFlag } from '@ballast/domain';
import { RequirementStore } from '@ballast/persistence';
import { openRunMargin } from '../support/api-world';
import { newFirm, openImportDesk } from '../support/import-desk';
import { openTestDatabase, type TestDatabase } from '../support/postgres';

const start = parseInstant('2026-11-02T21:00:00Z', 'start');
const day = (count: number): Instant => (start + count * 86_400_000) as Instant;

/** 100 shares at 100: TIMS asks for 15 % of 10 000 = 1 500. Equity = cash + 10 000. */
function market(asOf: Instant, price: string | null, flags: readonly QuoteFlag[]): MarketSnapshot {
  const amount = price === null ? null : new Decimal(price);
  return {
    asOf,
    underlyings: new Map([
      [
        'U',
        {
          underlyingId: 'U',
          kind: 'equity',
          currency: 'USD',
          price: amount,
          rate: 0,
          dividendYield: 0,
          forwards: [],
          quotedAt: asOf,
        },
      ],
    ]),
    instruments: new Map([
      ['U', { instrumentId: 'U', bid: null, ask: null, mark: amount, impliedVolatility: null, quotedAt: asOf, flags }],
    ]),
    fx: [],
  };
}

describe('the ladder across runs', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await openTestDatabase();
  });
  afterAll(() => db?.close());

  it('keeps a call until it is released, over a gap in the figures, and moves nobody on bad data', async () => {
    const desk = openImportDesk(db);
    const { firmId } = await newFirm(desk);
    const scope = { firmId };
    await desk.instruments.upsertUnderlyings(scope, [{ id: 'U', kind: 'equity', currency: 'USD' }]);
    await desk.instruments.upsertMany(scope, [
      {
        id: 'U',
        type: 'underlying',
        underlying: 'U',
        multiplier: new Decimal(1),
        currency: 'USD',
        settlement: 'linear',
      },
    ]);
    const { accounts } = await desk.accounts.upsertMany(scope, [
      { code: 'A-1', name: 'One', baseCurrency: 'USD', methodology: 'TIMS' },
    ]);
    const accountId = [...accounts.values()][0]?.id ?? '';
    const positions = [{ instrumentId: 'U', quantity: new Decimal(100) }];
    await desk.positions.record(scope, { accountId, validFrom: start, mode: 'REPLACE', positions, source: 'test' });
    const run = openRunMargin(db.database);
    const requirements = new RequirementStore(db.database);
    const statusOn = async (
      count: number,
      cash: string,
      price: string | null = '100',
      flags: readonly QuoteFlag[] = [],
    ) => {
      const asOf = day(count);
      const amount = new Decimal(cash);
      await desk.balances.record(scope, {
        accountId,
        currency: 'USD',
        amount,
        valueAt: asOf,
        reason: 't',
        recordedBy: 't',
      });
      await desk.snapshots.insert(scope, { snapshot: market(asOf, price, flags), source: 'test', quality: 'OK' });
      await run.execute({ firmId, requestedBy: 'test', asOf });
      const found = (await requirements.findLatest(scope, [accountId], { asOf })).get(accountId);
      return `${found?.status} ${found?.computedStatus} ${found?.quality}`;
    };
    expect(await statusOn(0, '-7900')).toBe('HEALTHY HEALTHY OK'); // 2 100 = 1.4 ×
    expect(await statusOn(1, '-8600')).toBe('MARGIN_CALL MARGIN_CALL OK'); // 1 400 = 0.93 ×
    expect(await statusOn(2, '-8300')).toBe('MARGIN_CALL MARGIN_CALL OK'); // 1 700 = 1.13 ×, not released
    expect(await statusOn(3, '-8300', null)).toBe('INDETERMINATE INDETERMINATE INDETERMINATE');
    expect(await statusOn(4, '-8300')).toBe('MARGIN_CALL MARGIN_CALL OK'); // the call outlives the gap
    expect(await statusOn(5, '-7900', '100', ['Q_STALE'])).toBe('MARGIN_CALL HEALTHY DEGRADED'); // no release on bad data
    expect(await statusOn(6, '-7900')).toBe('HEALTHY HEALTHY OK'); // 2 100 = 1.4 ×
    expect(await statusOn(6.25, '-8450', '100', ['Q_STALE'])).toBe('HEALTHY WATCH DEGRADED'); // 1 550 = 1.03 ×, nobody moves
    expect(await statusOn(6.5, '-8450')).toBe('WATCH WATCH OK');
    expect(await statusOn(6.75, '-7900', '100', ['Q_STALE'])).toBe('WATCH HEALTHY DEGRADED');
    expect(await statusOn(6.875, '-7900')).toBe('HEALTHY HEALTHY OK');
    expect(await statusOn(7, '-9000', '100', ['Q_STALE'])).toBe('HEALTHY LIQUIDATION DEGRADED'); // no call on bad data
    expect(await statusOn(8, '-9000')).toBe('LIQUIDATION LIQUIDATION OK'); // 1 000 = 0.67 ×
  });
});
