import { Decimal, formatInstant, type Instant, parseInstant } from '@ballast/domain';
import { type ApiWorld, openApiWorld } from '../support/api-world';
import { fileOf } from '../support/import-desk';
import { type LifecycleDesk, openLifecycleDesk } from '../support/lifecycle-desk';

let world: ApiWorld;
let desk: LifecycleDesk;

beforeAll(async () => {
  world = await openApiWorld();
  desk = openLifecycleDesk(world.database);
  const events = [1, 2].map((day) => ({
    id: `lapse-${day}`,
    type: 'lapse' as const,
    instrumentId: 'XYZ-2612-110-C',
    accountCode: 'A-01',
    quantity: new Decimal(day),
    effectiveAt: parseInstant(`2026-11-1${day + 6}T14:30:00Z`, 'effectiveAt'),
  }));
  await desk.events.execute({ firmId: world.firms.alpha, recordedBy: 'ada', source: 'lapses.csv', events });
}, 60_000);
afterAll(() => world?.close());

const query = `query ($code: String!, $after: String) { account(code: $code) { lifecycleEvents(first: 1, after: $after) {
  edges { node { id type effectiveAt underlying instrumentId reverses reversedBy source recordedBy notes
    positions { instrumentId quantityBefore quantityAfter } collateral { asset quantityBefore quantityAfter } cash { amount currency } } }
  totalCount pageInfo { hasNextPage endCursor } } } }`;

describe('lifecycleEvents', () => {
  it('shows what happened to an account, the latest first, page by page', async () => {
    const code = 'A-01';
    const first = await world.ask(query, { code });
    expect(first.errors).toEqual([]);
    const { edges, pageInfo } = first.data.account.lifecycleEvents;
    expect(edges[0].node).toMatchObject({
      id: 'lapse-2',
      type: 'LAPSE',
      effectiveAt: '2026-11-18T14:30:00.000Z',
      underlying: null,
      instrumentId: 'XYZ-2612-110-C',
      reversedBy: null,
      source: 'lapses.csv',
      positions: [{ instrumentId: 'XYZ-2612-110-C', quantityBefore: '-4', quantityAfter: '-2' }],
      collateral: [],
      cash: [],
    });
    expect(pageInfo.hasNextPage).toBe(true);
    const second = await world.ask(query, { code, after: pageInfo.endCursor });
    expect(second.data.account.lifecycleEvents.edges[0].node.id).toBe('lapse-1');
    expect(second.data.account.lifecycleEvents.totalCount).toBe(first.data.account.lifecycleEvents.totalCount);
    expect(first.data.account.lifecycleEvents.totalCount).toBe(2);
    const foreign = await world.ask(query, { code: 'B-01' }, await world.token({ firm: 'beta', roles: ['risk'] }));
    expect(foreign.data.account.lifecycleEvents).toMatchObject({ edges: [], totalCount: 0 });
    const tampered = await world.ask(query, { code, after: 'eyJ' });
    expect(tampered.errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  it('splits what is pledged, from its time on and as known since then, without moving its value', async () => {
    const context = { firmId: world.firms.alpha, recordedBy: 'ada' };
    const [since, splitAt] = ['2026-11-01T00:00:00Z', '2026-11-18T14:30:00Z'].map((text) => parseInstant(text, 'at')) as [Instant, Instant]; // prettier-ignore
    await desk.importHaircuts.execute({ ...context, effectiveFrom: since }, [fileOf('h.csv', 'assetClass,haircut\nShares,0.25\n')]); // prettier-ignore
    const rows = 'account,asset,kind,assetClass,quantity\nA-01,XYZ,security,Shares,101\n';
    await desk.importCollateral.execute({ ...context, mode: 'REPLACE', validFrom: since }, fileOf('c.csv', rows));
    const pledged = async (asOf: Instant, knownAt?: Instant) => {
      const moment = `asOf: "${formatInstant(asOf)}"${knownAt === undefined ? '' : `, knownAt: "${formatInstant(knownAt)}"`}`;
      const { data, errors } = await world.ask(
        `{ account(code: "A-01") { collateral(${moment}) { asset quantity value { amount } problem } } }`,
      );
      expect(errors).toEqual([]);
      return data.account.collateral[0];
    };
    const before = await pledged((splitAt - 1) as Instant);
    const [clock] = await world.database.database.withTenant(context, (tx) =>
      tx.rows<{ now: Date }>('SELECT current_instant() AS now, pg_sleep(0.005)'),
    );
    const known = clock?.now.getTime() as Instant;
    await desk.eventFile.execute(
      context,
      fileOf('s.csv', `event,type,effectiveAt,underlying,ratio\nsplit-7,split,${formatInstant(splitAt)},XYZ,7:1\n`),
    );
    expect(before).toMatchObject({ quantity: '101', problem: null });
    expect(Number(before.value.amount)).toBeGreaterThan(0);
    expect(await pledged((splitAt - 1) as Instant)).toEqual(before);
    expect(await pledged(splitAt)).toEqual({ ...before, quantity: '707' });
    expect(await pledged(splitAt, known)).toEqual(before);
    const { data } = await world.ask(query, { code: 'A-01' });
    expect(data.account.lifecycleEvents.edges[0].node).toMatchObject({
      id: 'split-7',
      collateral: [{ asset: 'XYZ', quantityBefore: '101', quantityAfter: '707' }],
    });
  });

  it('pays a dividend on what is pledged as cash, and lists it', async () => {
    const context = { firmId: world.firms.alpha, recordedBy: 'ada' };
    const row = 'dividend-1,dividend,2026-11-19T14:30:00Z,XYZ,0.5';
    const header = 'event,type,effectiveAt,underlying,amount';
    const cashAt = async (asOf: string) => {
      const { data } = await world.ask(`{ account(code: "A-01") { balances(asOf: "${asOf}") { amount currency } } }`);
      return Number(data.account.balances[0].amount);
    };
    const held = await world.ask(
      '{ account(code: "A-01") { positions(asOf: "2026-11-19T14:29:59Z") { edges { node { quantity instrument { id } } } } } }',
    );
    const shares = held.data.account.positions.edges.filter(
      ({ node }: { node: { instrument: { id: string } } }) => node.instrument.id === 'XYZ',
    );
    const expected = 0.5 * (707 + Number(shares[0]?.node.quantity ?? 0));
    const before = await cashAt('2026-11-19T14:29:59Z');
    await desk.eventFile.execute(context, fileOf('d.csv', `${header}\n${row}\n`));
    expect(await cashAt('2026-11-19T14:29:59Z')).toBe(before);
    expect(await cashAt('2026-11-19T14:30:00Z')).toBeCloseTo(before + expected, 8);
    const { data } = await world.ask(query, { code: 'A-01' });
    const [{ node }] = data.account.lifecycleEvents.edges;
    expect(node).toMatchObject({ id: 'dividend-1', type: 'DIVIDEND', collateral: [] });
    expect(node.cash).toEqual([{ amount: expected.toFixed(2), currency: 'USD' }]);
  });

  it('shows how a contract ends', async () => {
    const { data, errors } = await world.ask(
      '{ instrument(id: "XYZ") { id calendar delivery settlementSession adjustedFrom deliverable { cash components { instrumentId quantity } } } }',
    );
    expect([errors, data.instrument]).toEqual([
      [],
      { id: 'XYZ', calendar: null, delivery: null, settlementSession: null, adjustedFrom: null, deliverable: null },
    ]);
  });
});
