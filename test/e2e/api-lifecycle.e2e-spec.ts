import { Decimal, parseInstant } from '@ballast/domain';
import { type ApiWorld, openApiWorld } from '../support/api-world';
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
    positions { instrumentId quantityBefore quantityAfter } cash { amount currency } } }
  pageInfo { hasNextPage endCursor } } } }`;

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
      cash: [],
    });
    expect(pageInfo.hasNextPage).toBe(true);
    const second = await world.ask(query, { code, after: pageInfo.endCursor });
    expect(second.data.account.lifecycleEvents.edges[0].node.id).toBe('lapse-1');
    const foreign = await world.ask(query, { code: 'B-01' }, await world.token({ firm: 'beta', roles: ['risk'] }));
    expect(foreign.data.account.lifecycleEvents.edges).toEqual([]);
    const tampered = await world.ask(query, { code, after: 'eyJ' });
    expect(tampered.errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  it('shows how a contract ends', async () => {
    const { data, errors } = await world.ask(
      '{ instrument(id: "XYZ") { id calendar delivery adjustedFrom deliverable { cash components { instrumentId quantity } } } }',
    );
    expect([errors, data.instrument]).toEqual([
      [],
      { id: 'XYZ', calendar: null, delivery: null, adjustedFrom: null, deliverable: null },
    ]);
  });
});
