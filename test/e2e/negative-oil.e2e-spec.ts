// Oil below zero, from the market file to every figure: the May 2020 future settles at 18.27, then at −37.63. The contracts,
// their quotes and the volatility are made up here (no prices of CL options lie in the reference data); the two settlements
// are those of the exchange. Expected figures are computed by hand in the comments.
import { type Instant, parseInstant } from '@ballast/domain';
import { streamOf } from '@ballast/formats';
import { fileOf, type ImportDesk, newFirm, openImportDesk } from '../support/import-desk';
import { openTestDatabase, type TestDatabase } from '../support/postgres';
import { openReplay, openRunMargin } from '../support/run-engine';
import { serveFirm, type ServedFirm } from '../support/served-firm';

const at = (text: string): Instant => parseInstant(text, 'at');
const [friday, monday] = ['2020-04-17T20:00:00Z', '2020-04-20T20:00:00Z'] as const;
const opened = at('2020-04-01T00:00:00Z');

let db: TestDatabase;
let desk: ImportDesk;
let context: Awaited<ReturnType<typeof newFirm>>;
let served: ServedFirm;

const rows = (header: string, ...lines: string[]) => fileOf('file.csv', `${[header, ...lines].join('\n')}\n`);

async function market(asOf: string, price: string, ...options: string[]) {
  await desk.importMarket.execute({ ...context, asOf: at(asOf) }, [
    rows('instrument,bid,ask,mark,impliedVolatility,timestamp', `CLK0,,,${price},,${asOf}`, ...options.map((row) => `${row},${asOf}`)), // prettier-ignore
    rows('underlying,kind,currency,price,rate,dividendYield,timestamp', `CL,future,USD,${price},0,0,${asOf}`),
  ]);
  return openRunMargin(db.database).execute({ firmId: context.firmId, asOf: at(asOf), requestedBy: 'ruth' });
}

beforeAll(async () => {
  db = await openTestDatabase({ poolSize: 6 });
  desk = openImportDesk(db);
  context = await newFirm(desk);
  await desk.importAccounts.execute(context, rows('code,name,baseCurrency,methodology', 'F-1,Futures,USD,SPAN', 'O-1,Options,USD,SPAN', 'O-2,Call,USD,SPAN')); // prettier-ignore
  await desk.importInstruments.execute(context, [
    rows(
      'id,type,underlying,right,strike,expiry,exercise,multiplier,currency,settlement,premiumStyle',
      'CLK0,future,CL,,,2020-05-27T08:00:00Z,,1000,USD,linear,',
      'LO-P-30,option,CL,put,-30,2020-05-27T08:00:00Z,european,1000,USD,linear,equity',
      'LO-C20,option,CL,call,20,2020-05-27T08:00:00Z,european,1000,USD,linear,equity',
    ),
    rows('underlying,kind,currency,price,rate,dividendYield', 'CL,future,USD,18.27,0,0'),
  ]);
  const held = rows(
    'account,instrument,quantity,averagePrice',
    'F-1,CLK0,2,18.27',
    'O-1,LO-P-30,-3,',
    'O-2,LO-C20,-1,',
  );
  await desk.importPositions.execute({ ...context, mode: 'REPLACE', validFrom: opened }, streamOf(held));
  const cash = rows('account,currency,amount', 'F-1,USD,200000', 'O-1,USD,100000', 'O-2,USD,50000');
  await desk.importBalances.execute({ ...context, valueAt: opened }, streamOf(cash));
  const parameters = { CL: { model: 'bachelier', priceScanRange: { amount: 12000 }, volatilityScanRange: 0 } };
  const { id } = await desk.parameterSets.propose(context, { methodology: 'SPAN', name: 'oil', effectiveFrom: opened, parameters, proposedBy: 'ann' }); // prettier-ignore
  await desk.parameterSets.decide(context, { id, status: 'APPROVED', decidedBy: 'bob' });
  // σ√T = 7.63 = one standard deviation from 0 to the strike's 7.63 in the money at −37.63; on Friday at the same volatility
  // (39.5 days left) the put at −30 is 48.27 out of the money and worth less than a millionth.
  await market(friday, '18.27', 'LO-P-30,,,0.0000001,', 'LO-C20,,,0.6843760886,');
  await market(monday, '-37.63', 'LO-P-30,,,8.2656970406,', 'LO-C20,,,0.0001,');
  served = await serveFirm(db, context.firmId);
}, 120_000);
afterAll(async () => {
  await served?.close();
  await db?.close();
});

const figures = `quality qualityReasons initial { amount } maintenance { amount } equity { amount } buffer { amount }
  netOptionValue { amount } status`;
async function requirement(code: string, asOf: string) {
  const { account } = await served.ask(
    `query ($asOf: DateTime) { account(code: "${code}") { requirement(asOf: $asOf) { ${figures} run { id }
       scenarios { index loss } } } }`,
    { asOf },
  );
  return account.requirement;
}

describe('a future that settles at −37.63', () => {
  // Scan: 12 per barrel, two contracts of 1000: 24,000; the extreme covers 0.33 × 36 = 11.88, less.
  // Friday: 200,000. Monday: 200,000 + 2 × 1000 × (−37.63 − 18.27) = 88,200.
  it.each([
    [friday, '200000', '176000'],
    [monday, '88200', '64200'],
  ])('has requirement, equity and buffer at %s', async (asOf, equity, buffer) => {
    const found = await requirement('F-1', asOf);
    expect(found).toMatchObject({
      ...{ maintenance: { amount: '24000.00' }, initial: { amount: '24000.00' }, netOptionValue: { amount: '0.00' } },
      ...{ equity: { amount: `${equity}.00` }, buffer: { amount: `${buffer}.00` }, status: 'HEALTHY' },
    });
    expect(found.scenarios).toHaveLength(16);
  });

  it('keeps its sign on the way out: snapshot, history and quotes', async () => {
    const { marketSnapshot, account } = await served.ask(
      `{ marketSnapshot { underlyings { price } }
         account(code: "F-1") { bufferHistory(from: "2020-04-01T00:00:00Z", to: "2020-05-01T00:00:00Z") {
           edges { node { at equity { amount } buffer { amount } maintenance { amount } bufferRatio } } } } }`,
    );
    expect(Number(marketSnapshot.underlyings[0].price)).toBe(-37.63);
    expect(
      account.bufferHistory.edges.map(
        ({ node }: { node: { equity: { amount: string }; buffer: { amount: string } } }) => [
          node.equity.amount,
          node.buffer.amount,
        ],
      ),
    ).toEqual([
      ['200000.00', '176000.00'],
      ['88200.00', '64200.00'],
    ]);
  });

  it('is liquidated at −69.73, and a what-if there leaves nothing', async () => {
    // 200,000 + 2000 (P − 18.27) = 24,000.
    const { account } = await served.ask(
      `{ account(code: "F-1") { liquidationLevels { underlying price lower upper }
         whatIf(input: { trades: [{ instrumentId: "CLK0", quantity: "-1" }] }) {
           after { equity { amount } maintenance { amount } buffer { amount } } }
         fall: whatIf(input: { shifts: { spot: -0.5 } }) { after { equity { amount } buffer { amount } } }
         level: whatIf(input: { shifts: { spot: ${-(69.73 - 37.63) / 37.63} } }) { after { buffer { amount } } } } }`,
    );
    expect(account.liquidationLevels).toMatchObject([{ underlying: 'CL', upper: null }]);
    expect(Number(account.liquidationLevels[0].price)).toBe(-37.63);
    expect(Number(account.liquidationLevels[0].lower)).toBeCloseTo(-69.73, 6);
    // One sold at the market: half the scan, the same equity.
    expect(account.whatIf.after).toEqual({
      ...{ equity: { amount: '88200.00' }, maintenance: { amount: '12000.00' }, buffer: { amount: '76200.00' } },
    });
    // A fall by half of 37.63 leads to −56.445: 200,000 + 2000 (−56.445 − 18.27) = 50,570.
    expect(account.fall.after).toEqual({ equity: { amount: '50570.00' }, buffer: { amount: '26570.00' } });
    expect(Math.abs(Number(account.level.after.buffer.amount))).toBeLessThanOrEqual(0.03);
  });

  it('is stressed further down and up again', async () => {
    const { account } = await served.ask(
      `{ account(code: "F-1") { stress(input: { custom: [
           { name: "to −50", underlyings: [{ underlying: "CL", spotTo: -50 }] }, { name: "to 10", underlyings: [{ underlying: "CL", spotTo: 10 }] },
           { name: "55.9 lower", underlyings: [{ underlying: "CL", spotBy: -55.9 }] }] }) {
           before { equity { amount } } scenarios { name reasons profit { amount } after { equity { amount } maintenance { amount } } moves { stressedPrice } } } } }`,
    );
    // 2000 × (−12.37), 2000 × 47.63, 2000 × (−55.9).
    expect(account.stress.scenarios).toMatchObject([
      { name: 'to −50', reasons: [], profit: { amount: '-24740.00' }, after: { equity: { amount: '63460.00' } } },
      { name: 'to 10', reasons: [], profit: { amount: '95260.00' }, after: { equity: { amount: '183460.00' } } },
      { name: '55.9 lower', reasons: [], profit: { amount: '-111800.00' }, after: { equity: { amount: '-23600.00' } } },
    ]);
  });
});

describe('a put at −30 on it, under the normal model', () => {
  // d = (−37.63 + 30)/7.63 = −1: 7.63 (Φ(1) + φ(1)) = 7.63 × 1.0833154705877 = 8.2656970406. Three short: −24,797.0911….
  // Worst of 16 without a volatility scan: the extreme fall by 36 to −73.63, where d = −5.72 and the put is worth 43.63000000680:
  // 0.33 × 3000 × (43.63000000680 − 8.2656970406) = 35,010.6599…; a fall by 12 costs 34,129.44.
  it('has requirement, option value, equity and buffer', async () => {
    const found = await requirement('O-1', monday);
    expect(found.maintenance.amount).toBe('35010.66');
    expect(Number(found.netOptionValue.amount)).toBeCloseTo(-24797.1, 8);
    // 100,000 − 24,797.0911.
    expect(found).toMatchObject({ equity: { amount: '75202.90' }, buffer: { amount: '40192.24' }, status: 'HEALTHY' });
    const losses = found.scenarios.map(({ loss }: { loss: number }) => loss);
    expect(losses.every(Number.isFinite)).toBe(true);
    expect(Math.max(...losses)).toBeCloseTo(35010.65993653588, 2);
    for (const loss of [34129.443980536606, 22263.41537297183, 10727.524322572266])
      expect(losses.some((found: number) => Math.abs(found - loss) < 0.01)).toBe(true);
  });

  it('is never valued at the lognormal volatility that the snapshot implied while the price was above 0', async () => {
    // σ√T = 3.46, d = (18.27 − 20)/3.46 = −0.5: −1.73 Φ(−0.5) + 3.46 φ(0.5) = 0.6843760886. The extreme rise to 54.27 costs
    // 0.33 × 1000 × (34.27 − 0.6843760886) = 11083.26, a rise by 12 9587.10.
    const found = await requirement('O-2', friday);
    expect(Number(found.maintenance.amount)).toBeCloseTo(11083.26, 1);
    const losses: number[] = found.scenarios.map(({ loss }: { loss: number }) => loss);
    for (const loss of [2117.8182, 5633.5283, 9587.1027])
      expect(losses.some((each) => Math.abs(each - loss) < 0.01)).toBe(true);
  });

  it('loses when oil falls, gains when it rises, and has a level below', async () => {
    const { account } = await served.ask(
      `{ account(code: "O-1") { liquidationLevels { lower upper }
         fall: whatIf(input: { shifts: { spot: -0.2 } }) { change { equity { amount } } after { maintenance { amount } } }
         rise: whatIf(input: { shifts: { spot: 0.2 } }) { change { equity { amount } } after { maintenance { amount } } }
         greeks { delta gamma vega } } }`,
    );
    // To −45.156: d = −15.156/7.63 = −1.98637, put 15.156 Φ(1.98637) + 7.63 φ(1.98637) = 15.22319; × 3000: −20,872.47.
    expect(Number(account.fall.change.equity.amount)).toBeCloseTo(-20872.47, 1);
    expect(Number(account.rise.change.equity.amount)).toBeGreaterThan(0);
    expect(Number(account.liquidationLevels[0].lower)).toBeLessThan(-37.63);
    expect(account.liquidationLevels[0].upper).toBeNull();
    // Short puts: delta +3000 Φ(1), gamma and vega < 0.
    expect(account.greeks[0].delta).toBeCloseTo(3000 * 0.8413447460685, 3);
    expect(account.greeks[0].gamma).toBeLessThan(0);
    expect(account.greeks[0].vega).toBeLessThan(0);
  });

  it('is replayed bit for bit', async () => {
    const { run } = await requirement('O-1', monday);
    expect((await openReplay(db.database).execute({ firmId: context.firmId, runId: run.id })).differences).toEqual([]);
  });
});
