import { Decimal } from '@ballast/domain';
import {
  AccountStore,
  BalanceStore,
  FirmStore,
  InstrumentStore,
  newId,
  type OpeningRecords,
  PositionStore,
  recordOpenings,
} from '@ballast/persistence';
import { account, at, option } from '../support/record-samples';
import { letKnownTimesBeStated } from '../support/known-times';
import { openTestDatabase, type TestDatabase } from '../support/postgres';

let db: TestDatabase;
let firmId: string;
const opened = { ...account('OPENED'), id: newId() };
const recorded = { ...account('RECORDED'), id: newId() };

const [call, put] = [option(100), option(90, 'put')];
const times = { validFrom: at('2026-01-05T21:00:00Z'), knownAt: at('2026-01-05T21:00:00Z') };

function openingsOf(accountId: string): OpeningRecords {
  const { validFrom, knownAt } = times;
  return {
    positions: [
      {
        ...{ accountId, validFrom, knownAt, mode: 'REPLACE', source: 'opening' },
        positions: [
          { instrumentId: call.id, quantity: new Decimal(-3), averagePrice: new Decimal('2.5') },
          { instrumentId: put.id, quantity: new Decimal(7) },
        ],
      },
    ],
    balances: [
      {
        ...{ accountId, currency: 'USD', amount: new Decimal('-1000.25') },
        ...{ valueAt: validFrom, knownAt, recordedBy: 'desk', reason: 'opening' },
      },
    ],
  };
}

/** What is stored of an account, without its identifiers. */
async function rowsOf(accountId: string): Promise<unknown> {
  return db.database.withTenant({ firmId }, async (tx) => ({
    statements: await tx.rows(
      `SELECT mode, valid_from, known_at, source, position_count FROM position_statements WHERE account_id = $1`,
      [accountId],
    ),
    positions: await tx.rows(
      `SELECT p.instrument_id, p.quantity, p.average_price, p.valid::text, p.known::text, s.statement_id IS NOT NULL AS stated
       FROM positions p LEFT JOIN position_statements s USING (firm_id, account_id, statement_id)
       WHERE account_id = $1 ORDER BY instrument_id`,
      [accountId],
    ),
    balances: await tx.rows(
      `SELECT currency, amount, reason, recorded_by, valid::text, known::text FROM balances WHERE account_id = $1 ORDER BY currency`,
      [accountId],
    ),
  }));
}

const open = (records: OpeningRecords) => db.database.withTenant({ firmId }, (tx) => recordOpenings(tx, records));

beforeAll(async () => {
  db = await openTestDatabase();
  await letKnownTimesBeStated(db.superuserUrl);
  firmId = (await new FirmStore(db.database).create({ code: 'OPEN', name: 'Openings' })).id;
  const instruments = new InstrumentStore(db.database);
  await instruments.upsertUnderlyings({ firmId }, [{ id: 'XYZ', kind: 'equity', currency: 'USD' }]);
  await instruments.upsertMany({ firmId }, [call, put]);
  await new AccountStore(db.database).upsertMany({ firmId }, [opened, recorded]);
});

afterAll(() => db?.close());

describe('opening records', () => {
  it('are the rows that statement after statement leaves', async () => {
    await open(openingsOf(opened.id));
    const { positions, balances } = openingsOf(recorded.id);
    for (const statement of positions) await new PositionStore(db.database).record({ firmId }, statement);
    for (const statement of balances) await new BalanceStore(db.database).record({ firmId }, statement);
    const rows = await rowsOf(opened.id);
    expect(rows).toEqual(await rowsOf(recorded.id));
    expect(rows).toMatchObject({ statements: { length: 1 }, positions: { length: 2 }, balances: { length: 1 } });
  });

  it('are known as delivered to whoever delivers them again', async () => {
    const [statement] = openingsOf(opened.id).positions;
    const { knownAt: _knownAt, ...again } = statement as NonNullable<typeof statement>;
    const outcome = await new PositionStore(db.database).record({ firmId }, again);
    expect(outcome).toEqual({ statementId: null, changed: 0, unchanged: 2 });
  });

  it('are refused where something is known, is said twice, or refers to nothing', async () => {
    const { positions, balances } = openingsOf(opened.id);
    await expect(open({ positions, balances: [] })).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(open({ positions: [], balances })).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(open(openingsOf(newId()))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(open({ positions: [...positions, ...positions], balances: [] })).rejects.toMatchObject({
      code: 'VALUE_REFUSED',
    });
    await expect(open({ positions: [], balances: [...balances, ...balances] })).rejects.toMatchObject({
      code: 'VALUE_REFUSED',
    });
    const fresh = { ...account('FRESH'), id: newId() };
    await new AccountStore(db.database).upsertMany({ firmId }, [fresh]);
    const unknown = openingsOf(fresh.id).positions.map((statement) => ({
      ...statement,
      positions: [{ instrumentId: 'NOBODY-KNOWS', quantity: new Decimal(1) }],
    }));
    await expect(open({ positions: unknown, balances: [] })).rejects.toMatchObject({ code: 'REFERENCE_MISSING' });
    expect(await rowsOf(fresh.id)).toEqual({ statements: [], positions: [], balances: [] });
  });
});
