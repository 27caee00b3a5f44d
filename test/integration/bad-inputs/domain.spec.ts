import { Decimal, parseInstant } from '@ballast/domain';
import { checkBufferPolicy, defaultBufferPolicy } from '@ballast/buffer';
import { evaluatePortfolioFile } from '@ballast/file-use-cases';
import { prepareMarginMethod } from '@ballast/margin';
import {
  type BadInput,
  instrumentHeader,
  instrumentRows,
  newDeskFirm,
  proveBadInput,
  titleOf,
} from '../../support/bad-inputs';
import { type ImportDesk, openImportDesk } from '../../support/import-desk';
import { openTestDatabase, type TestDatabase } from '../../support/postgres';
import { sensitivityParameterFile } from '../../support/sensitivity-parameters';

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

const validFrom = parseInstant('2026-01-05T00:00:00Z', 'validFrom');
const asOf = parseInstant('2026-11-20T21:00:00Z', 'asOf');
const file = (name: string, text: string) => ({ name, bytes: Buffer.from(text) });

const positions =
  (rows: string, at = validFrom) =>
  (context: Firm) =>
    desk.importPositions.execute(
      { ...context, mode: 'REPLACE', validFrom: at },
      file('p.csv', `account,instrument,quantity\n${rows}\n`),
    );
const balances = (row: string) => (context: Firm) =>
  desk.importBalances.execute({ ...context, valueAt: validFrom }, file('b.csv', `account,currency,amount\n${row}\n`));
/** An instruments file of one option that differs in some columns from a good one. */
const option = (changes: Record<string, string>) => (context: Firm) => {
  const names = instrumentHeader.split(',');
  const good = [
    'NEW',
    'option',
    'XYZ',
    'call',
    '105',
    '2026-06-18T20:00:00Z',
    'american',
    '100',
    'USD',
    'linear',
    'equity',
  ];
  const row = names.map((name, index) => changes[name] ?? good[index]).join(',');
  return desk.importInstruments.execute(context, [file('i.csv', `${instrumentHeader}\n${row}\n`)]);
};
/** A contract that names its calendar. */
const named = (expiry: string, calendar: string) => (context: Firm) =>
  desk.importInstruments.execute(context, [
    file(
      'i.csv',
      `${instrumentHeader},calendar\nNEW,option,XYZ,call,105,${expiry},american,100,USD,linear,equity,${calendar}\n`,
    ),
  ]);
const market =
  (quote: string, underlying = 'XYZ,equity,USD,100,0.04,0.01', fx?: string) =>
  (context: Firm) =>
    desk.importMarket.execute(context, [
      file('q.csv', `instrument,bid,ask,mark,impliedVolatility,timestamp\n${quote}\n`),
      file('u.csv', `underlying,kind,currency,price,rate,dividendYield\n${underlying}\n`),
      ...(fx === undefined ? [] : [file('fx.csv', `from,to,rate\n${fx}\n`)]),
    ]);
const quote = 'XYZ-C,4.1,4.3,4.2,0.21,2026-01-05T20:59:59Z';
const parameters = (methodology: string, values: unknown) => (context: Firm) =>
  desk.importParameters.execute(
    context,
    file(
      'p.json',
      JSON.stringify({ methodology, name: 'x', effectiveFrom: '2026-01-01T00:00:00Z', parameters: values }),
    ),
  );
const price = { file: 'u.csv', line: 2, column: 'price' };
const instrument = { file: 'i.csv', line: 2 };

const rows: readonly BadInput<Firm>[] = [
  { item: 96, what: 'a quantity of 0', run: positions('A1,XYZ-C,0'), accepted: { rows: 1, stored: 0, unchanged: 1 } },
  { item: 97, what: 'half a contract', run: positions('A1,XYZ-C,1.5'), problem: { file: 'p.csv', line: 2, column: 'quantity', value: '1.5', reason: /trade whole/ } },
  { item: 98, what: 'a quantity of 10^12', run: positions('A1,XYZ-C,1000000000000'), problem: { file: 'p.csv', line: 2, column: 'quantity', value: '1000000000000', reason: /more than 10 000 000 000/ } },
  { item: 98, what: 'a quantity of 1e12', run: positions('A1,XYZ-C,1e12'), problem: { file: 'p.csv', line: 2, column: 'quantity', value: '1e12', reason: /plain digits/ } },
  { item: 99, what: 'a strike of 0', run: option({ strike: '0' }), problem: { ...instrument, column: 'strike', value: '0', reason: /greater than 0/ } },
  { item: 100, what: 'a negative strike', run: option({ strike: '-5' }), problem: { ...instrument, column: 'strike', value: '-5', reason: /greater than 0/ } },
  { item: 101, what: 'a negative price of a share', run: market(quote, 'XYZ,equity,USD,-5,0.04,0.01'), problem: { ...price, value: '-5', reason: /greater than 0 when kind is equity/ } },
  { item: 102, what: 'a price of 0 of a share', run: market(quote, 'XYZ,equity,USD,0,0.04,0.01'), problem: { ...price, value: '0', reason: /greater than 0/ } },
  { item: 103, what: 'a volatility of −20 %', run: market('XYZ-C,4.1,4.3,4.2,-0.2,2026-01-05T20:59:59Z'), problem: { file: 'q.csv', line: 2, column: 'impliedVolatility', value: '-0.2', reason: /must not be negative/ } },
  { item: 103, what: 'a volatility of 0', run: market('XYZ-C,4.1,4.3,4.2,0,2026-01-05T20:59:59Z'), accepted: { flagCounts: { IV_RANGE: 1 } } },
  { item: 103, what: 'a volatility of 1100 %', run: market('XYZ-C,4.1,4.3,4.2,11.0,2026-01-05T20:59:59Z'), accepted: { flagCounts: { IV_RANGE: 1 } } },
  { item: 104, what: 'a quote after its expiry', run: market('XYZ-C,4.1,4.3,4.2,0.2,2026-03-21T20:59:59Z'), problem: { file: 'q.csv', line: 2, column: 'timestamp', reason: /after its expiry/ } },
  { item: 105, what: 'an expiry on a holiday of the calendar it names', run: named('2026-04-03T20:00:00Z', 'US-EQUITY-OPTIONS'), problem: { ...instrument, column: 'expiry', value: '2026-04-03T20:00:00.000Z', reason: /^CAL_ORPHAN: expiry on 2026-04-03, which is no session of US-EQUITY-OPTIONS/ } },
  { item: 105, what: 'an expiry on a Sunday', run: named('2026-06-21T20:00:00Z', 'US-EQUITY-OPTIONS'), problem: { ...instrument, column: 'expiry', reason: /^CAL_ORPHAN/ } },
  { item: 105, what: 'a calendar that is none', run: named('2026-06-18T20:00:00Z', 'LUNAR'), problem: { ...instrument, column: 'calendar', value: 'LUNAR', reason: /./ } },
  { item: 105, what: 'an expiry after an early close, told in a warning', run: named('2026-11-27T21:00:00Z', 'US-EQUITY-OPTIONS'), accepted: { stored: 1, warnings: [expect.stringMatching(/^NEW: expiry at 2026-11-27T21.* closes early .*T18:00/)] } },
  { item: 105, what: 'an expiry off an assumed calendar, told in a warning', run: option({ expiry: '2026-04-03T20:00:00Z' }), accepted: { stored: 1, warnings: [expect.stringMatching(/^NEW: CAL_ORPHAN: expiry on 2026-04-03/)] } },
  { item: 106, what: 'a position that begins at the expiry', run: positions('A1,XYZ-C,5', parseInstant('2026-03-20T20:00:00Z', 'at')), problem: { file: 'p.csv', line: 2, column: 'instrument', value: 'XYZ-C', reason: /^expired at 2026-03-20/ } },
  { item: 107, what: 'a multiplier of 0', run: option({ multiplier: '0' }), problem: { ...instrument, column: 'multiplier', value: '0', reason: /greater than 0/ } },
  { item: 107, what: 'a multiplier of −100', run: option({ multiplier: '-100' }), problem: { ...instrument, column: 'multiplier', value: '-100', reason: /greater than 0/ } },
  { item: 108, what: 'a currency that is none', run: balances('A1,usd,5'), problem: { file: 'b.csv', line: 2, column: 'currency', value: 'usd', reason: /currency code/ } },
  { item: 109, what: 'an exchange rate that is not the inverse of the other', run: market(quote, undefined, 'EUR,USD,1.08\nUSD,EUR,0.5'), problem: { file: 'fx.csv', line: 3, column: 'rate', value: '0.5', reason: /not the inverse of 1\.08 in line 2/ } },
  { item: 110, what: 'a right X', run: option({ right: 'X' }), problem: { ...instrument, column: 'right', value: 'X', reason: /call or put/ } },
  { item: 111, what: 'a position in an expired series', run: positions('A1,XYZ-C,5', asOf), problem: { file: 'p.csv', line: 2, column: 'instrument', value: 'XYZ-C', reason: /^expired at 2026-03-20T20:00:00.000Z, before the position holds/ } },
  { item: 112, what: 'one account and instrument twice', run: positions('A1,XYZ,5\nA1,XYZ,6'), problem: { file: 'p.csv', line: 3, column: 'instrument', value: 'A1, XYZ', reason: /duplicate of line 2/ } },
  { item: 113, what: 'a contract that changed its type', run: (context) => desk.importInstruments.execute(context, [file('i.csv', `${instrumentHeader}\nXYZ-C,future,XYZ,,,2026-03-20T20:00:00Z,,100,USD,,\n`)]), problem: { ...instrument, column: 'id', value: 'XYZ-C', reason: /known with other terms \(type/ } },
  { item: 114, what: 'an adjusted multiplier under the old identifier', run: (context) => desk.importInstruments.execute(context, [file('i.csv', `${instrumentHeader}\n${(instrumentRows[1] as string).replace(',100,USD', ',150,USD')}\n`)]), problem: { ...instrument, column: 'id', reason: /multiplier.*an adjusted contract is a new one/ } },
  { item: 114, what: 'an adjusted multiplier of 150 as a contract of its own', run: option({ id: 'XYZ1-C', multiplier: '150' }), accepted: { stored: 1 } },
  { item: 115, what: 'the same option under two symbols', run: (context) => desk.importInstruments.execute(context, [file('i.csv', `${instrumentHeader}\n${(instrumentRows[1] as string).replace('XYZ-C', 'XYZ-CALL')}\n`)]), problem: { ...instrument, column: 'id', value: 'XYZ-CALL', reason: /^the same contract as XYZ-C, under another name/ } },
  { item: 115, what: 'the same option under two symbols of one file', run: (context) => desk.importInstruments.execute(context, [file('i.csv', `${instrumentHeader}\nP1,option,XYZ,put,90,2026-06-18T20:00:00Z,american,100,USD,linear,equity\nP2,option,XYZ,put,90.0,2026-06-18T20:00:00Z,american,100,USD,linear,equity\n`)]), problem: { file: 'i.csv', line: 3, column: 'id', value: 'P2', reason: /^the same contract as P1/ } },
  { item: 117, what: 'a negative price scan range', run: parameters('SPAN', { default: { priceScanRange: { fraction: -0.1 } } }), problem: { file: 'p.json', column: 'parameters.default.priceScanRange.fraction', reason: /./ } },
  { item: 117, what: 'a price scan range of 0', run: parameters('SPAN', { default: { priceScanRange: { fraction: 0 } } }), problem: { file: 'p.json', column: 'parameters.default.priceScanRange.fraction', reason: /./ } },
  { item: 117, what: 'a price scan range that is no number', run: parameters('SPAN', { default: { priceScanRange: { fraction: 'NaN' } } }), problem: { file: 'p.json', column: 'parameters.default.priceScanRange.fraction', reason: /finite number/ } },
  { item: 118, what: 'a methodology without scenarios', run: parameters('TIMS', { valuationPoints: 0 }), problem: { file: 'p.json', column: 'parameters.valuationPoints', reason: /≥ 2/ } },
  { item: 119, what: 'a price move below −100 %', run: parameters('TIMS', { ranges: { equity: [-1.2, 0.2] } }), problem: { file: 'p.json', column: 'parameters.ranges.equity', reason: /−100 % or below is impossible/ } },
  { item: 120, what: 'correlations that no names can have', run: parameters('SENSITIVITY', { ...sensitivityParameterFile, bucketCorrelations: [[null, 0.9, -0.9], [0.9, null, 0.9], [-0.9, 0.9, null]] }), problem: { file: 'p.json', column: 'parameters.bucketCorrelations', reason: /positive semi-definite/ } },
  { item: 122, what: 'a buffer of more than 1000 %', run: () => checkBufferPolicy({ ...defaultBufferPolicy(asOf), releaseMultiple: 10.5 }), error: { code: 'INVALID_PARAMETER', field: 'releaseMultiple' } },
  { item: 124, what: 'a rate of −50 %', run: market(quote, 'XYZ,equity,USD,100,-0.5,0.01'), problem: { file: 'u.csv', line: 2, column: 'rate', value: '-0.5', reason: /below −20 %/ } },
  { item: 124, what: 'a rate in percent', run: market(quote, 'XYZ,equity,USD,100,4.3,0.01'), problem: { file: 'u.csv', line: 2, column: 'rate', value: '4.3', reason: /write 5 % as 0\.05/ } },
]; // prettier-ignore

describe('domain', () => {
  it.each(rows.filter(({ accepted }) => accepted === undefined).map((input) => [titleOf(input), input] as const))(
    '%s',
    (_, input) => proveBadInput(db, input, firm),
  );
  it.each(rows.filter(({ accepted }) => accepted !== undefined).map((input) => [titleOf(input), input] as const))(
    '%s',
    async (_, input) => proveBadInput(db, input, await newDeskFirm(desk)),
  );

  it('117 no value of a scan range slips through preparation', () => {
    for (const fraction of [-1, Number.NaN, Number.POSITIVE_INFINITY, '0.1', null]) {
      const prepare = () =>
        prepareMarginMethod({ methodology: 'SPAN', parameters: { default: { priceScanRange: { fraction } } }, asOf });
      expect(prepare).toThrow(expect.objectContaining({ code: 'INVALID_PARAMETER' }));
    }
  });

  const portfolio = (changes: {
    cash?: string;
    underlying?: object;
    instrument?: object;
    fx?: object[];
    base?: string;
  }) => {
    const underlying = {
      id: 'BXI',
      kind: 'broad-index',
      currency: 'USD',
      price: '4500',
      rate: 0.04,
      dividendYield: 0.01,
      ...changes.underlying,
    };
    const contract = {
      id: 'C',
      type: 'option',
      underlying: 'BXI',
      right: 'call',
      strike: '4800',
      expiry: '2026-12-18T21:00:00Z',
      exercise: 'european',
      multiplier: '100',
      volatility: 0.2,
      ...changes.instrument,
    };
    const text = JSON.stringify({
      asOf: '2026-11-20T21:00:00Z', methodology: 'TIMS', baseCurrency: changes.base ?? 'USD', cash: changes.cash ?? '0', fx: changes.fx ?? [],
      market: { underlyings: [underlying], instruments: [contract] },
      positions: [{ instrument: 'C', quantity: '-1' }],
    }); // prettier-ignore
    return evaluatePortfolioFile({ text, fileName: 'f.json' });
  };

  it.each([
    [99, 'a strike of 0', { instrument: { strike: '0' } }, /strike/],
    [103, 'a volatility of −20 %', { instrument: { volatility: -0.2 } }, /volatility/],
    [104, 'an expiry in the past', { instrument: { expiry: '2026-10-16T21:00:00Z' } }, /expir/],
    [107, 'a multiplier of 0', { instrument: { multiplier: '0' } }, /multiplier/],
    [108, 'a currency that is none', { base: 'dollars' }, /baseCurrency/],
    [110, 'a right X', { instrument: { right: 'X' } }, /right/],
  ] as const)('%i %s in a portfolio file', (_item, _what, changes, message) => {
    const result = portfolio(changes);
    expect(result).toMatchObject({ status: 'rejected', exitCode: 3 });
    expect((result as { message: string }).message).toMatch(message);
  });

  it('106 an expiry at the instant of the valuation (accepted) is worth its payoff', () => {
    expect(portfolio({ instrument: { expiry: '2026-11-20T21:00:00Z' } })).toMatchObject({ status: 'evaluated' });
  });

  it('108 a missing exchange rate is refused, never taken as one to one', () => {
    const refused = portfolio({ base: 'EUR' });
    expect(refused).toMatchObject({ status: 'rejected', exitCode: 3, message: expect.stringMatching(/USD/) as string });
    const rated = portfolio({ base: 'EUR', fx: [{ from: 'EUR', to: 'USD', rate: '1.1' }] });
    expect(rated).toMatchObject({ status: 'evaluated' });
  });

  it('98 a decimal beyond the columns never reaches them', async () => {
    const statement = {
      accountId: (await desk.accounts.findByCode(firm, 'A1'))?.id ?? '',
      validFrom,
      mode: 'MERGE' as const,
      source: 'x',
    };
    const record = desk.positions.record(firm, {
      ...statement,
      positions: [{ instrumentId: 'XYZ', quantity: new Decimal('1e30') }],
    });
    await expect(record).rejects.toMatchObject({ code: 'VALUE_REFUSED' });
  });
});
