import { Decimal } from '@ballast/domain';
import { FirmControlsStore, PositionStore } from '@ballast/persistence';
import { type ApiWorld, closes, openApiWorld } from '../support/api-world';

let world: ApiWorld;
let risk: string;
let second: string;

beforeAll(async () => {
  world = await openApiWorld();
  risk = await world.token({ roles: ['risk'] });
  second = await world.token({ roles: ['admin'], subject: 'second' });
}, 60_000);
afterAll(() => world?.close());

/** Sends a mutation with one input and gives its payload. */
async function mutate(name: string, input: object, selection: string, bearer = risk) {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`.replace(/^(Approve|Reject)/, 'Decide');
  const text = `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} userErrors { code field message } } }`;
  const { data, errors, status } = await world.ask(text, { input }, bearer);
  return { payload: data?.[name], codes: errors.map(({ extensions }) => extensions.code), status };
}

const set = 'parameterSet { id status proposedBy decidedBy impact { accountCount totals { changedCount } } }';
const propose = (idempotencyKey: string, changes: object = {}) =>
  mutate(
    'proposeRiskParameters',
    {
      idempotencyKey,
      methodology: 'SPAN',
      name: 'wider',
      effectiveFrom: '2026-11-19T00:00:00Z',
      parameters: '{"default":{"priceScanRange":{"fraction":0.268}}}',
      ...changes,
    },
    set,
  );

describe('risk parameters over HTTP', () => {
  it('are proposed once per key, with their impact', async () => {
    const first = await propose('p-1');
    expect(first.payload.userErrors).toEqual([]);
    expect(first.payload.parameterSet).toMatchObject({
      status: 'PROPOSED',
      proposedBy: 'tester',
      decidedBy: null,
      impact: { accountCount: 12, totals: [{ changedCount: 11 }] },
    });
    expect((await propose('p-1')).payload.parameterSet.id).toBe(first.payload.parameterSet.id);
    expect((await propose('p-1', { name: 'other' })).codes).toEqual(['CONFLICT']);
  });

  it.each([
    ['an unknown key', '{"default":{"priceScanRnge":{}}}', /priceScanRnge/],
    ['a value out of range', '{"default":{"priceScanRange":{"fraction":-1}}}', /fraction/],
  ])('are refused for %s, as data', async (_, parameters, message) => {
    const { payload, status } = await propose(`bad-${parameters}`, { parameters });
    expect(status).toBe(200);
    expect(payload.parameterSet).toBeNull();
    expect(payload.userErrors).toEqual([
      expect.objectContaining({ code: 'INVALID_PARAMETER', message: expect.stringMatching(message) as unknown }),
    ]);
  });

  it('are refused as a bad request where they are no JSON', async () => {
    const { codes, status } = await propose('bad-json', { parameters: '{' });
    expect([codes, status]).toEqual([['BAD_USER_INPUT'], 400]);
  });

  it('are approved by a second person only, and once', async () => {
    const { id } = (await propose('p-2', { name: 'second' })).payload.parameterSet;
    const own = await mutate('approveRiskParameters', { idempotencyKey: 'a-1', parameterSetId: id }, set);
    expect(own.payload).toMatchObject({ parameterSet: null, userErrors: [{ code: 'SECOND_PERSON_REQUIRED' }] });
    const decide = (key: string, name = 'approveRiskParameters') =>
      mutate(name, { idempotencyKey: key, parameterSetId: id }, set, second);
    const approved = { parameterSet: { status: 'APPROVED', decidedBy: 'second' }, userErrors: [] };
    expect((await decide('a-2')).payload).toMatchObject(approved);
    expect((await decide('a-2')).payload).toMatchObject(approved);
    expect((await decide('a-3', 'rejectRiskParameters')).payload.userErrors).toMatchObject([{ code: 'CONFLICT' }]);
  });

  it('are rejected for ever', async () => {
    const { id } = (await propose('p-3', { name: 'third' })).payload.parameterSet;
    const decide = (name: string, key: string) =>
      mutate(name, { idempotencyKey: key, parameterSetId: id }, set, second);
    expect((await decide('rejectRiskParameters', 'r-1')).payload.parameterSet).toMatchObject({ status: 'REJECTED' });
    expect((await decide('approveRiskParameters', 'r-2')).payload.userErrors).toMatchObject([{ code: 'CONFLICT' }]);
  });

  it('belong to the firm and to those who may', async () => {
    const { id } = (await propose('p-4', { name: 'fourth' })).payload.parameterSet;
    const foreign = await world.token({ roles: ['admin'], firm: 'beta' });
    const input = { idempotencyKey: 'f-1', parameterSetId: id };
    expect((await mutate('approveRiskParameters', input, set, foreign)).payload.userErrors).toMatchObject([
      { code: 'NOT_FOUND' },
    ]);
    const broker = await world.token({ roles: ['broker'] });
    expect((await mutate('approveRiskParameters', input, set, broker)).codes).toEqual(['FORBIDDEN']);
  });
});

describe('risk controls over HTTP', () => {
  const limits =
    'controls { releaseFraction releaseAmount releaseAmountByCurrency { currency amount } cadenceMs recordedBy }';
  const setControls = (input: object, bearer = risk) => mutate('setRiskControls', input, limits, bearer);

  it('are set once per key; what is not named keeps its value; earlier ones stay', async () => {
    const first = await setControls({
      idempotencyKey: 'c-1',
      releaseFraction: 0.5,
      effectiveFrom: '2026-11-01T00:00:00Z',
      releaseAmountByCurrency: [{ currency: 'BTC', amount: 0.2 }],
    });
    const expected = {
      releaseFraction: 0.5,
      releaseAmount: 10_000,
      releaseAmountByCurrency: [{ currency: 'BTC', amount: 0.2 }],
      cadenceMs: 86_400_000,
      recordedBy: 'tester',
    };
    expect(first.payload).toEqual({ controls: expected, userErrors: [] });
    const later = { idempotencyKey: 'c-2', cadenceMs: 60_000, effectiveFrom: '2026-11-10T00:00:00Z' };
    expect((await setControls(later)).payload.controls).toEqual({ ...expected, cadenceMs: 60_000 });
    expect((await setControls(later)).payload.controls).toEqual({ ...expected, cadenceMs: 60_000 });
    const store = new FirmControlsStore(world.database.database);
    const scope = { firmId: world.firms.alpha };
    expect((await store.findInEffect(scope, { asOf: closes[0] }))?.controls).toMatchObject({ cadenceMs: 60_000 });
    const { database } = world.database;
    const rows = await database.withTenant(scope, (tx) => tx.rows('SELECT 1 FROM firm_controls'));
    expect(rows).toHaveLength(2);
    const clash = await setControls({ ...later, cadenceMs: 61_000 });
    expect(clash.codes).toEqual(['CONFLICT']);
  });

  it.each([
    ['a negative fraction', { releaseFraction: -0.1 }, 'INVALID_PARAMETER'],
    ['a cadence under a second', { cadenceMs: 999 }, 'INVALID_PARAMETER'],
    ['a cadence of half a millisecond', { cadenceMs: 1_000.5 }, 'INVALID_PARAMETER'],
    ['nothing', {}, 'BAD_USER_INPUT'],
    ['a currency that is none', { releaseAmountByCurrency: [{ currency: 'dollars!', amount: 1 }] }, ''],
  ])('refuse %s and store nothing', async (what, input, code) => {
    const { payload, codes } = await setControls({ idempotencyKey: `no ${what}`, ...input });
    const told = [...codes, ...(payload?.userErrors ?? []).map((error: { code: string }) => error.code)];
    expect(told).toHaveLength(1);
    if (code !== '') expect(told).toEqual([code]);
  });

  it('are for risk and admin, not for a broker, the back office or a token limited to accounts', async () => {
    const input = { idempotencyKey: 'c-9', cadenceMs: 60_000 };
    for (const roles of [['broker'], ['back-office']] as const)
      expect((await setControls(input, await world.token({ roles }))).codes).toEqual(['FORBIDDEN']);
    const accountIds = [world.accounts.get('A-01') ?? ''];
    expect((await setControls(input, await world.token({ roles: ['risk'], accountIds }))).codes).toEqual(['FORBIDDEN']);
  });

  it('make an answer STALE that is older than twice the cadence, and no older question', async () => {
    await setControls({ idempotencyKey: 's-1', cadenceMs: 1_000, effectiveFrom: '2026-11-18T00:00:00Z' });
    const ask = async () =>
      (await world.ask('{ account(code: "A-05") { requirement { quality qualityReasons ageMs initial { amount } } } }'))
        .data.account.requirement;
    const fresh = await ask();
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    const stale = await ask();
    expect(stale.quality).toBe('STALE');
    expect(stale.qualityReasons[0]).toMatch(/^STALE: no run since .* twice the cadence of 1000 ms/);
    expect(stale.initial).toEqual(fresh.initial);
    expect(stale.ageMs).toBeGreaterThan(fresh.ageMs);
    await setControls({ idempotencyKey: 's-2', cadenceMs: 86_400_000, effectiveFrom: '2026-11-18T00:00:00Z' });
    expect((await ask()).quality).toBe('OK');
  });
});

describe('held requirements over HTTP', () => {
  it('are released with a reason, once, and then decide', async () => {
    const scope = { firmId: world.firms.alpha };
    await mutateControls(0.25);
    const accountId = world.accounts.get('A-05') ?? '';
    await new PositionStore(world.database.database).record(scope, {
      accountId,
      validFrom: closes[2],
      mode: 'REPLACE',
      positions: ['XYZ-2612-110-C', 'XYZ-2612-90-P'].map((instrumentId) => ({
        instrumentId,
        quantity: new Decimal(-80),
      })),
      source: 'test',
    });
    const started = await mutate(
      'startMarginRun',
      { idempotencyKey: 'h-1', asOf: '2026-11-18T21:00:00Z' },
      'run { id }',
    );
    const runId = started.payload.run.id as string;
    let state = 'RUNNING';
    for (let turn = 0; state === 'RUNNING' && turn < 200; turn += 1) {
      await new Promise((resolve) => setTimeout(resolve, 25));
      state = (await world.ask('query ($id: ID!) { marginRun(id: $id) { state } }', { id: runId })).data.marginRun
        .state;
    }
    const read = async () =>
      (
        await world.ask(
          '{ account(code: "A-05") { requirement { quality initial { amount } hold { initialInEffect { amount } releasedBy } } } }',
        )
      ).data.account.requirement;
    const held = await read();
    expect([state, held.quality, held.hold.releasedBy]).toEqual(['COMPLETED', 'HELD', null]);
    const fields = 'releasedAccountIds stillHeld run { id }';
    const release = (input: object, bearer = risk) =>
      mutate('releaseHeldRequirements', { runId, accountCode: 'A-05', ...input }, fields, bearer);
    expect((await release({ idempotencyKey: 'x', reason: ' ' })).codes).toEqual(['BAD_USER_INPUT']);
    const broker = await world.token({ roles: ['broker'] });
    expect((await release({ idempotencyKey: 'x', reason: 'ok' }, broker)).codes).toEqual(['FORBIDDEN']);
    const done = await release({ idempotencyKey: 'h-2', reason: 'the client sold 75 strangles' });
    expect(done.payload).toMatchObject({
      releasedAccountIds: [accountId],
      stillHeld: 0,
      run: { id: runId },
      userErrors: [],
    });
    const again = await release({ idempotencyKey: 'h-2', reason: 'the client sold 75 strangles' });
    expect(again.payload.releasedAccountIds).toEqual([accountId]);
    expect((await release({ idempotencyKey: 'h-3', reason: 'again' })).payload.userErrors).toMatchObject([
      { code: 'CONFLICT' },
    ]);
    expect(await read()).toMatchObject({ quality: 'OK', initial: held.initial, hold: { releasedBy: 'tester' } });
  });

  async function mutateControls(releaseFraction: number) {
    await mutate(
      'setRiskControls',
      { idempotencyKey: `g-${releaseFraction}`, releaseFraction, effectiveFrom: '2026-11-18T00:00:00Z' },
      'controls { cadenceMs }',
    );
  }
});
