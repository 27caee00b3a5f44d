// A correction of the past in each of the five records that have two times. Dates lie far back, so that the record learns
// everything after it was true, whatever the day of the test.
import { type Instant, parseInstant } from '@ballast/domain';
import { streamOf } from '@ballast/formats';
import { runBallast } from '../support/ballast-process';
import { fileOf, type ImportDesk, newFirm, openImportDesk } from '../support/import-desk';
import { openTestDatabase, type TestDatabase } from '../support/postgres';
import { openReplay, openRunMargin } from '../support/run-engine';
import { serveFirm, type ServedFirm } from '../support/served-firm';

const at = (text: string): Instant => parseInstant(text, 'at');
const opening = at('2024-03-01T00:00:00Z');
const [monday, tuesday] = ['2024-03-04T21:00:00Z', '2024-03-05T21:00:00Z'] as const;

let db: TestDatabase;
let desk: ImportDesk;
let context: Awaited<ReturnType<typeof newFirm>>;
let served: ServedFirm;
let firmCode: string;

const rows = (header: string, ...lines: string[]) => fileOf('file.csv', `${[header, ...lines].join('\n')}\n`);
const positions = (short: number, from: string) =>
  desk.importPositions.execute(
    { ...context, mode: 'REPLACE', validFrom: at(from) },
    streamed('account,instrument,quantity', `C-1,XYZ-110-C,${short}`),
  );
const cash = (amount: string, from: string) =>
  desk.importBalances.execute(
    { ...context, valueAt: at(from) },
    streamed('account,currency,amount', `C-1,USD,${amount}`),
  );
const pledge = (quantity: string, from: string) =>
  desk.importCollateral.execute(
    { ...context, mode: 'REPLACE', validFrom: at(from) },
    rows('account,asset,kind,assetClass,quantity,maturity,price,currency', `C-1,US1,security,Notes,${quantity},2030-01-01,0.99,USD`), // prettier-ignore
  );
const market = (price: string, asOf: string) =>
  desk.importMarket.execute({ ...context, asOf: at(asOf) }, [
    rows('instrument,bid,ask,mark,impliedVolatility,timestamp', `XYZ-110-C,,,,0.3,${asOf}`),
    rows('underlying,kind,currency,price,rate,dividendYield,timestamp', `XYZ,equity,USD,${price},0.04,0,${asOf}`),
  ]);
const scanRange = async (fraction: number, from: Instant) => {
  const { parameterSets: sets } = desk;
  const proposal = { methodology: 'SPAN', name: `scan ${fraction}`, effectiveFrom: from, parameters: { default: { priceScanRange: { fraction } } }, proposedBy: 'ann' } as const; // prettier-ignore
  const { id } = await sets.propose(context, proposal);
  await sets.decide(context, { id, status: 'APPROVED', decidedBy: 'bob' });
};

const streamed = (header: string, ...lines: string[]) => streamOf(rows(header, ...lines));

const run = (asOf: string) => openRunMargin(db.database).execute({ firmId: context.firmId, asOf: at(asOf), requestedBy: 'ruth' }); // prettier-ignore

beforeAll(async () => {
  db = await openTestDatabase({ poolSize: 6 });
  desk = openImportDesk(db);
  context = await newFirm(desk);
  firmCode = (await desk.firms.findAll()).find(({ id }) => id === context.firmId)?.code ?? '';
  await desk.importAccounts.execute(context, rows('code,name,baseCurrency,methodology', 'C-1,One,USD,SPAN'));
  await desk.importInstruments.execute(context, [
    rows('id,type,underlying,right,strike,expiry,exercise,multiplier,currency,settlement,premiumStyle', 'XYZ-110-C,option,XYZ,call,110,2024-06-21T20:00:00Z,european,100,USD,linear,equity'), // prettier-ignore
    rows('underlying,kind,currency,price,rate,dividendYield', 'XYZ,equity,USD,100,0.04,0'),
  ]);
  const rules = rows('assetClass,rating,minimumYears,maximumYears,haircut', 'Notes,,,,0.02');
  await desk.importHaircuts.execute({ ...context, effectiveFrom: opening }, [rules]);
  await positions(-5, '2024-03-01T00:00:00Z');
  await cash('20000', '2024-03-01T00:00:00Z');
  await pledge('5000', '2024-03-01T00:00:00Z');
  await scanRange(0.1, opening);
  await market('100', monday);
  await market('101', tuesday);
  await run(monday);
  await run(tuesday);
  served = await serveFirm(db, context.firmId);
}, 120_000);

afterAll(async () => {
  await served?.close();
  await db?.close();
});

const question = `query ($asOf: DateTime, $knownAt: DateTime) {
  marketSnapshot(asOf: $asOf, knownAt: $knownAt) { id underlyings { price } }
  account(code: "C-1") {
    positions(asOf: $asOf, knownAt: $knownAt) { edges { node { quantity } } }
    balances(asOf: $asOf, knownAt: $knownAt) { amount }
    collateral(asOf: $asOf, knownAt: $knownAt) { quantity }
    requirement(asOf: $asOf, knownAt: $knownAt) {
      id asOf quality maintenance { amount } equity { amount } run { id } parameterSet { name }
    }
  }
}`;

/** What the record says of a time, as it knew it at another. */
async function believed(asOf?: string, knownAt?: string) {
  const { account, marketSnapshot } = await served.ask(question, { asOf, knownAt });
  const { requirement } = account;
  return {
    requirement: requirement.id as string,
    runId: requirement.run.id as string,
    maintenance: Number(requirement.maintenance.amount),
    equity: Number(requirement.equity.amount),
    facts: {
      positions: account.positions.edges.map(({ node }: { node: { quantity: string } }) => Number(node.quantity)),
      balances: account.balances.map(({ amount }: { amount: string }) => Number(amount)),
      collateral: account.collateral.map(({ quantity }: { quantity: string }) => Number(quantity)),
      parameters: requirement.parameterSet.name as string,
      market: Number(marketSnapshot.underlyings[0].price),
    },
  };
}

/** An instant after everything recorded so far and before everything to come. */
async function pause(): Promise<string> {
  await new Promise((resolve) => setTimeout(resolve, 5));
  const instant = new Date().toISOString();
  await new Promise((resolve) => setTimeout(resolve, 5));
  return instant;
}

async function history(bucket: 'RAW' | 'DAY') {
  const { account } = await served.ask(
    `query ($bucket: HistoryBucket) { account(code: "C-1") { bufferHistory(from: "2024-03-01T00:00:00Z", to: "2024-03-31T00:00:00Z", bucket: $bucket) {
      edges { node { at runId maintenance { amount } equity { amount } } } } } }`,
    { bucket },
  );
  return account.bufferHistory.edges.map(
    ({
      node,
    }: {
      node: { at: string; runId: string; maintenance: { amount: string }; equity: { amount: string } };
    }) => ({
      at: node.at,
      runId: node.runId,
      maintenance: Number(node.maintenance.amount),
      equity: Number(node.equity.amount),
    }),
  ) as readonly { at: string; runId: string; maintenance: number; equity: number }[];
}

const cases: readonly [
  keyof Awaited<ReturnType<typeof believed>>['facts'],
  unknown,
  'maintenance' | 'equity',
  () => Promise<unknown>,
][] = [
  ['positions', [-6], 'maintenance', () => positions(-6, '2024-03-04T12:00:00Z')],
  ['balances', [19_000], 'equity', () => cash('19000', '2024-03-04T12:00:00Z')],
  ['collateral', [4_000], 'equity', () => pledge('4000', '2024-03-04T12:00:00Z')],
  ['parameters', 'scan 0.11', 'maintenance', () => scanRange(0.11, at('2024-03-02T00:00:00Z'))],
  ['market', 102, 'maintenance', () => market('102', monday)],
];

describe('a correction of the past', () => {
  it.each(cases)(
    'of %s: what was known stays, the rerun is beside it',
    async (fact, corrected, moved, correct) => {
      const before = await believed(monday);
      const earlier = await history('RAW');
      const known = await pause();
      await correct();

      // The facts are corrected at once; figures follow with the rerun, and nothing that was known has changed.
      const between = await pause();
      const factsOf = async (knownAt?: string) => (await believed(monday, knownAt)).facts[fact];
      if (fact !== 'parameters') expect(await factsOf()).toEqual(corrected);
      expect(await factsOf(known)).toEqual(before.facts[fact]);
      expect((await believed(monday)).requirement).toBe(before.requirement);

      if (fact === 'positions') {
        const { exitCode, stderr, stdout } = await runBallast(['run', '--as-of', monday, '--firm', firmCode, '--json'], db.environment); // prettier-ignore
        expect([exitCode, stderr]).toEqual([0, '']);
        expect(JSON.parse(stdout)).toMatchObject({
          state: 'COMPLETED',
          asOf: monday.replace('Z', '.000Z'),
          accounts: 1,
        });
      } else await run(monday);

      const after = await believed(monday);
      expect(after.requirement).not.toBe(before.requirement);
      expect(after[moved]).not.toBe(before[moved]);
      expect(after.facts).toEqual({ ...before.facts, [fact]: corrected });

      // "What did we know then", stated by both times and by a moment alone that lay before and after.
      expect(await believed(monday, known)).toEqual(before);
      expect((await believed(monday, between)).requirement).toBe(before.requirement);

      // Both results stay: the history has the old observation and, after it, the new one; the day shows the last.
      const later = await history('RAW');
      expect(later).toHaveLength(earlier.length + 1);
      expect(later.filter(({ runId }) => runId !== after.runId)).toEqual(earlier);
      const ofMonday = later.filter(({ runId }) => [before.runId, after.runId].includes(runId));
      expect(ofMonday.map(({ runId }) => runId)).toEqual([before.runId, after.runId]);
      const days = await history('DAY');
      expect(days.map(({ at: day }) => day)).toEqual([...new Set(later.map(({ at: day }) => day))]);
      expect(days[0]).toMatchObject({ runId: after.runId, maintenance: after.maintenance, equity: after.equity });

      // And the run of then gives the same bits from what was known to it.
      const replay = openReplay(db.database);
      for (const runId of [before.runId, after.runId])
        expect(await replay.execute({ firmId: context.firmId, runId })).toMatchObject({ differenceCount: 0 });
    },
    60_000,
  );

  it('leaves the newest buffer where it is: a rerun of an older time is not the latest', async () => {
    const newest = await believed();
    await run(monday);
    expect((await believed()).requirement).toBe(newest.requirement);
    await run(tuesday);
    expect((await believed()).requirement).not.toBe(newest.requirement);
  }, 60_000);

  it('asked by a moment alone, gives what was known at that moment of the wall clock', async () => {
    const then = await believed(await pause());
    await positions(-7, '2024-03-05T12:00:00Z');
    await run(tuesday);
    const moment = await pause();
    expect((await believed(moment)).facts.positions).toEqual([-7]);
    expect((await believed(undefined, moment)).facts.positions).toEqual([-7]);
    expect(then.facts.positions).not.toEqual([-7]);
  }, 60_000);

  it('starts the hysteresis of a rerun where the first run of that instant started', async () => {
    const status = async (asOf: string) =>
      (
        await served.ask('query ($asOf: DateTime) { account(code: "C-1") { requirement(asOf: $asOf) { status } } }', {
          asOf,
        })
      ).account.requirement.status as string;
    const [at1, at2] = ['2024-03-06T21:00:00Z', '2024-03-07T21:00:00Z'] as const;
    await market('101', at1);
    await market('101', at2);
    await run(at1);
    await cash('100000', '2024-03-06T00:00:00Z');
    await run(at1);
    expect(await status(at1)).toBe('HEALTHY');
    // Wrong for a moment: the account is told to be called, which it would leave only above 1.3 × maintenance.
    await cash('1000', '2024-03-07T00:00:00Z');
    await run(at2);
    expect(['MARGIN_CALL', 'LIQUIDATION']).toContain(await status(at2));
    const { maintenance, equity, facts } = await believed(at2);
    await cash((facts.balances[0] + 1.2 * maintenance - equity).toFixed(2), '2024-03-07T00:00:00Z');
    await run(at2);
    expect((await believed(at2)).equity / maintenance).toBeCloseTo(1.2, 3);
    expect(await status(at2)).toBe('HEALTHY');
  }, 60_000);

  it('refuses a snapshot that is named twice over', async () => {
    const { marketSnapshot } = await served.ask(question, {});
    await expect(
      served.ask('query ($id: ID, $asOf: DateTime) { marketSnapshot(id: $id, asOf: $asOf) { id } }', {
        id: marketSnapshot.id,
        asOf: monday,
      }),
    ).rejects.toThrow('BAD_USER_INPUT');
  });
});
