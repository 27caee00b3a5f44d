// Quotes that are bad but readable are flagged, never dropped in silence; what makes a quote useless is refused.
import { type BadInput, newDeskFirm, proveBadInput, titleOf } from '../../support/bad-inputs';
import { type ImportDesk, openImportDesk } from '../../support/import-desk';
import { openTestDatabase, type TestDatabase } from '../../support/postgres';

interface Firm {
  readonly firmId: string;
  readonly recordedBy: string;
}

let db: TestDatabase;
let desk: ImportDesk;
let firm: Firm;
beforeAll(async () => {
  db = await openTestDatabase();
  desk = openImportDesk(db);
  firm = await newDeskFirm(desk);
});
afterAll(() => db?.close());

const at = '2026-01-05T20:59:59Z';
const file = (name: string, text: string) => ({ name, bytes: Buffer.from(text) });
const market =
  (quotes: string, underlying = 'XYZ,equity,USD,100,0.04,0.01') =>
  (context: Firm) =>
    desk.importMarket.execute(context, [
      file('q.csv', `instrument,bid,ask,mark,impliedVolatility,timestamp\n${quotes}\n`),
      file('u.csv', `underlying,kind,currency,price,rate,dividendYield\n${underlying}\n`),
    ]);
const flagged = (flag: string) => ({ flagCounts: { [flag]: 1 } });

const rows: readonly BadInput<Firm>[] = [
  { item: 162, what: 'a crossed quote', run: market(`XYZ-C,4.4,4.1,4.2,0.2,${at}`), accepted: flagged('Q_CROSSED') },
  { item: 163, what: 'a locked quote', run: market(`XYZ-C,4.1,4.1,4.1,0.2,${at}`), accepted: flagged('Q_LOCKED') },
  { item: 164, what: 'one side only', run: market(`XYZ-C,,4.3,4.2,0.2,${at}`), accepted: flagged('Q_ONE_SIDED') },
  { item: 165, what: 'a bid of 0', run: market(`XYZ-C,0,4.3,4.2,0.2,${at}`), accepted: flagged('Q_ZERO_BID') },
  { item: 166, what: 'an ask of 0', run: market(`XYZ-C,,0,,,${at}`), accepted: { flagCounts: { Q_NO_IV: 1 } } },
  { item: 167, what: 'a spread of 500 %', run: market(`XYZ-C,1,6,3.5,0.2,${at}`), accepted: flagged('Q_WIDE') },
  { item: 170, what: 'a market of the future', run: market('XYZ,4.1,4.3,4.2,,2031-01-05T20:59:59Z'), problem: { file: 'q.csv', column: 'timestamp', value: '2031-01-05T20:59:59.000Z', reason: /future/ } },
  { item: 171, what: 'a time in epoch milliseconds', run: market('XYZ-C,4.1,4.3,4.2,0.2,1767646799000'), problem: { file: 'q.csv', line: 2, column: 'timestamp', value: '1767646799000', reason: /epoch/ } },
  { item: 171, what: 'a time in epoch microseconds', run: market('XYZ-C,4.1,4.3,4.2,0.2,1767646799000000'), problem: { file: 'q.csv', line: 2, column: 'timestamp', reason: /epoch/ } },
  { item: 172, what: 'one contract quoted twice', run: market(`XYZ-C,4.1,4.3,4.2,0.2,${at}\nXYZ-C,4.1,4.3,4.2,0.2,${at}`), problem: { file: 'q.csv', line: 3, column: 'instrument', value: 'XYZ-C', reason: /duplicate of line 2/ } },
  { item: 174, what: 'no volatility for one strike', run: market(`XYZ-C,4.1,4.3,4.2,0.2,${at}\nXYZ-P,,,,,${at}`), accepted: { flagCounts: { Q_NO_IV: 1 }, totals: { 'volatilities missing': '0', 'volatilities implied': '1' } } },
  { item: 177, what: 'a price below intrinsic value', run: market(`XYZ-P,1,1.2,1.1,,${at}`, 'XYZ,equity,USD,60,0.04,0.01'), accepted: flagged('PRICE_BELOW_INTRINSIC') },
  { item: 178, what: 'an underlying that is not quoted', run: market(`XYZ-C,4.1,4.3,4.2,0.2,${at}`, 'ABC,equity,USD,60,0.04,0.01'), problem: { file: 'q.csv', line: 2, column: 'instrument', value: 'XYZ-C', reason: /underlying XYZ is not quoted/ } },
  { item: 182, what: 'a message that ends in the middle', run: market(`XYZ-C,4.1,4.3,4.2,0.2,${at}\nXYZ-P,4.1`), problem: { file: 'q.csv', line: 3, value: 'XYZ-P,4.1', reason: /2 values where the header has 6/ } },
  { item: 183, what: 'a row of an unknown contract', run: market(`GOSSIP,4.1,4.3,4.2,0.2,${at}`), problem: { file: 'q.csv', line: 2, column: 'instrument', value: 'GOSSIP', reason: /no such instrument/ } },
]; // prettier-ignore

describe('market data', () => {
  it.each(rows.filter(({ accepted }) => accepted === undefined).map((input) => [titleOf(input), input] as const))(
    '%s',
    (_, input) => proveBadInput(db, input, firm),
  );
  it.each(rows.filter(({ accepted }) => accepted !== undefined).map((input) => [titleOf(input), input] as const))(
    '%s',
    async (_, input) => proveBadInput(db, input, await newDeskFirm(desk)),
  );
});
