import { instantOf, parseInstant } from '@ballast/domain';
import {
  AccountStore,
  IdempotencyStore,
  ParameterImpactStore,
  RequirementStore,
  RiskParameterStore,
} from '@ballast/persistence';
import { DecideRiskParameters, type Principal } from '@ballast/use-cases';
import { closes, fillFirm, openRunMargin } from '../support/api-world';
import { openProposals } from '../support/parameter-desk';
import { openTestDatabase, type TestDatabase } from '../support/postgres';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db?.close());

async function openDesk(code: string, accountCount = 3) {
  const { firmId, accounts } = await fillFirm(db, code, accountCount, []);
  const { database } = db;
  const scope = { firmId };
  const sets = new RiskParameterStore(database);
  const impacts = new ParameterImpactStore(database);
  const proposals = openProposals(database);
  const deciding = new DecideRiskParameters(new IdempotencyStore(database), sets);
  const as = (subject: string): Principal => ({ subject, firmId, roles: ['risk'] });
  const propose = (parameters: object, changes: object = {}) =>
    proposals.execute(as('ann'), {
      idempotencyKey: 'p-1',
      methodology: 'SPAN',
      name: 'wider',
      effectiveFrom: closes[1],
      parametersText: JSON.stringify(parameters),
      ...changes,
    });
  let decisions = 0;
  const decide = (id: string, by = 'bob', status: 'APPROVED' | 'REJECTED' = 'APPROVED') =>
    deciding.execute(as(by), { idempotencyKey: `d-${(decisions += 1)}`, parameterSetId: id, status });
  const maintenance = async (asOf: (typeof closes)[number]) => {
    const run = await openRunMargin(database).execute({ firmId, asOf, requestedBy: 'test' });
    const found = await new RequirementStore(database).findByRun(scope, run.id);
    return new Map(found.map((row) => [row.accountId, row]));
  };
  const page = (id: string, first = 100, after?: string) =>
    impacts.findPage(scope, { parameterSetId: id, first, after });
  return { firmId, scope, accounts, sets, impacts, propose, decide, maintenance, page };
}

const double = { default: { priceScanRange: { fraction: 0.268 } } };

describe('parameters under control', () => {
  it('tells before what happens after: the report holds the figures that runs find', async () => {
    const desk = await openDesk('IMPACT');
    const before = await desk.maintenance(closes[2]);
    const set = await desk.propose(double);
    expect(set).toMatchObject({ status: 'PROPOSED', proposedBy: 'ann', decidedBy: null });
    const impact = (await desk.impacts.findByIds(desk.scope, [set.id])).get(set.id);
    expect(impact).toMatchObject({ asOf: closes[2], accountCount: 3 });
    const { items } = await desk.page(set.id);
    const changes = items.map(
      ({ node }) => node.maintenanceAfter?.amount.minus(node.maintenanceBefore?.amount ?? 0).toNumber() ?? 0,
    );
    expect(changes[0]).toBeGreaterThan(1_000);
    expect(changes).toEqual([...changes].sort((left, right) => Math.abs(right) - Math.abs(left)));
    expect(impact?.totals).toHaveLength(1);
    expect(impact?.totals[0]).toMatchObject({ methodology: 'SPAN', accountCount: 3, changedCount: 2 });
    const sum = items.reduce((total, { node }) => total + (node.maintenanceAfter?.amount.toNumber() ?? 0), 0);
    expect(Number(impact?.totals[0]?.maintenanceAfter)).toBeCloseTo(sum, 6);
    for (const { node } of items)
      expect(node.maintenanceBefore?.amount.toFixed(2)).toBe(
        before.get(node.accountId)?.maintenanceRequirement?.amount.toFixed(2),
      );

    // Proposed is not in effect; approved is, from its date on and not before.
    expect([...(await desk.maintenance(closes[2])).values()].every((row) => row.parameterSetId !== set.id)).toBe(true);
    expect(await desk.decide(set.id)).toMatchObject({ status: 'APPROVED', decidedBy: 'bob' });
    const after = await desk.maintenance(closes[2]);
    for (const { node } of items) {
      const found = after.get(node.accountId);
      expect(found?.parameterSetId).toBe(set.id);
      expect(found?.maintenanceRequirement?.amount.toFixed(2)).toBe(node.maintenanceAfter?.amount.toFixed(2));
      expect(found?.hold?.statusOnRelease ?? found?.status).toBe(node.statusAfter);
    }
    expect([...(await desk.maintenance(closes[0])).values()].some((row) => row.parameterSetId === set.id)).toBe(false);
  });

  it('needs a second person, once; a rejected set is kept and never in effect', async () => {
    const desk = await openDesk('EYES', 1);
    const set = await desk.propose(double);
    await expect(desk.decide(set.id, 'ann')).rejects.toMatchObject({ code: 'SECOND_PERSON_REQUIRED' });
    await expect(desk.decide(set.id, 'ann', 'REJECTED')).rejects.toMatchObject({ code: 'SECOND_PERSON_REQUIRED' });
    expect(await desk.decide(set.id, 'bob', 'REJECTED')).toMatchObject({ status: 'REJECTED', decidedBy: 'bob' });
    await expect(desk.decide(set.id, 'cyd')).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(desk.decide('nope')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await desk.sets.findAll(desk.scope, 'SPAN')).map(({ status }) => status)).toContain('REJECTED');
    const inEffect = await desk.sets.findInEffect(desk.scope, { methodology: 'SPAN', asOf: closes[2] });
    expect(inEffect?.id).not.toBe(set.id);
  });

  it('knows which set was in effect as known at a time', async () => {
    const desk = await openDesk('KNOWN', 1);
    const set = await desk.propose(double);
    await desk.decide(set.id);
    const decidedAt = (await desk.sets.findById(desk.scope, set.id))?.decidedAt ?? instantOf(0);
    const at = (asOf: (typeof closes)[number], knownAt?: (typeof closes)[number]) =>
      desk.sets.findInEffect(desk.scope, { methodology: 'SPAN', asOf, knownAt }).then((found) => found?.id === set.id);
    expect(await at(closes[2])).toBe(true);
    expect(await at(closes[2], decidedAt)).toBe(true);
    expect(await at(closes[2], instantOf(decidedAt - 1))).toBe(false);
    expect(await at(closes[0])).toBe(false);
  });

  it('keeps house rules in the set, and applies those of an account to it alone', async () => {
    const desk = await openDesk('HOUSE');
    const before = await desk.maintenance(closes[2]);
    const rule = { id: 'r', effectiveFrom: '2026-01-01', kind: 'multiplier', multiplier: 1.5, account: 'H-01' };
    const set = await desk.propose({ house: [rule] });
    await desk.decide(set.id);
    const after = await desk.maintenance(closes[2]);
    const grown = [...desk.accounts].map(([code, id]) => {
      const amount = (rows: typeof before) => rows.get(id)?.maintenanceRequirement?.amount.toNumber() ?? Number.NaN;
      return [code, amount(after) > amount(before)];
    });
    expect(grown).toEqual([
      ['H-01', true],
      ['H-02', false],
      ['H-03', false],
    ]);
  });

  it('keeps figures for sizing in the set, which move no requirement', async () => {
    const desk = await openDesk('SIZING');
    const sizing = { liquidity: { openInterestShare: 0.05, excessSpreads: 2 } };
    const set = await desk.propose({ sizing });
    const impact = (await desk.impacts.findByIds(desk.scope, [set.id])).get(set.id);
    expect(impact?.totals[0]).toMatchObject({ methodology: 'SPAN', accountCount: 3, changedCount: 0 });
    const before = await desk.maintenance(closes[2]);
    await desk.decide(set.id);
    const after = await desk.maintenance(closes[2]);
    for (const [account, row] of after)
      expect(row.maintenanceRequirement).toEqual(before.get(account)?.maintenanceRequirement);
    const wrong = desk.propose({ sizing: { liquidity: { excessSpreads: -1 } } }, { idempotencyKey: 'p-2' });
    await expect(wrong).rejects.toMatchObject({ code: 'INVALID_PARAMETER', field: 'parameters.sizing.liquidity.excessSpreads' }); // prettier-ignore
  });

  it('pages the report and repeats a proposal under its key', async () => {
    const desk = await openDesk('PAGE', 5);
    const set = await desk.propose(double);
    expect((await desk.propose(double)).id).toBe(set.id);
    await expect(desk.propose({})).rejects.toMatchObject({ code: 'CONFLICT' });
    const codes: string[] = [];
    let after: string | undefined;
    do {
      const page = await desk.page(set.id, 2, after);
      codes.push(...page.items.map(({ node }) => node.accountCode));
      after = page.hasNextPage ? page.items.at(-1)?.cursor : undefined;
    } while (after !== undefined);
    expect([...codes].sort()).toEqual(['P-01', 'P-02', 'P-03', 'P-04', 'P-05']);
    const { accounts } = await fillFirm(db, 'ELSE', 1, []);
    const other = (await new AccountStore(db.database).findAll(desk.scope)).map(({ id }) => id);
    expect(other).not.toContain([...accounts.values()][0]);
  });

  it.each([
    [{ hose: 1 }, 'INVALID_PARAMETER'],
    [{ house: [{ id: 'x' }] }, 'INVALID_PARAMETER'],
    [{ default: { priceScanRange: { fraction: -1 } } }, 'INVALID_PARAMETER'],
  ])('refuses to propose %j', async (parameters, code) => {
    const desk = await openDesk(`BAD${Math.trunc(performance.now() * 1000)}`, 1);
    await expect(desk.propose(parameters)).rejects.toMatchObject({ code });
    expect(await desk.sets.findAll(desk.scope)).toEqual([]);
  });

  it('refuses a proposal by the wrong role and one that is no JSON object', async () => {
    const desk = await openDesk('ROLE', 1);
    await expect(desk.propose({}, { parametersText: '{' })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    await expect(desk.propose({}, { parametersText: '[]' })).rejects.toMatchObject({ code: 'INVALID_PARAMETER' });
    await expect(desk.propose({}, { name: '  ' })).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'name' });
    const past = parseInstant('1970-01-01T00:00:00Z', 'past');
    await expect(desk.propose({}, { effectiveFrom: past })).rejects.toMatchObject({ code: 'PARAMETERS_MISSING' });
  });
});
