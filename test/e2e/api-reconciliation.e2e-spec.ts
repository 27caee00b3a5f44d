import { openSigningKey } from '../../apps/api/src/authentication/signing-key';
import { signLocalToken } from '../../apps/api/src/authentication/token';
import { type ApiWorld, openApiWorld } from '../support/api-world';

let world: ApiWorld;
let ann: string;
let bob: string;

beforeAll(async () => {
  world = await openApiWorld();
  ann = await tokenOf('ann');
  bob = await tokenOf('bob');
}, 60_000);
afterAll(() => world?.close());

const tokenOf = (subject: string) =>
  signLocalToken(openSigningKey(world.dataDir), { subject, firmId: world.firms.alpha, roles: ['back-office'] }, 1);
const fields = `id statementName statementSha256 coversEveryAccount accountCount matchedCount breakCount openBreakCount run { id } breaks { totalCount edges { node {
  ordinal accountCode kind item ours theirs difference state cause { summary steps { input item effect } unexplained } resolutions { action note recordedBy } } } }`;
const start = `mutation ($input: StartReconciliationInput!) { startReconciliation(input: $input) {
  reconciliation { ${fields} } repeated userErrors { code field message } } }`;
const resolve = `mutation ($input: ResolveReconciliationBreaksInput!) { resolveReconciliationBreaks(input: $input) {
  reconciliation { openBreakCount breaks(openOnly: true) { totalCount edges { node { ordinal } } } } breaks userErrors { code field message } } }`;
const query = `query ($id: ID!) { reconciliation(id: $id) { ${fields} } }`;
const statement = 'account,record,id,quantity,price,amount,currency\nA-01,position,XYZ-2612-110-C,-4,,,\n';

describe('startReconciliation', () => {
  it('compares, stores once per key, and is read by its id', async () => {
    const input = { idempotencyKey: 'r-1', statement, statementName: 'house.csv', coversEveryAccount: false };
    const { data, errors } = await world.ask(start, { input }, ann);
    expect(errors).toEqual([]);
    const { reconciliation, userErrors } = data.startReconciliation;
    expect(userErrors).toEqual([]);
    expect(reconciliation).toMatchObject({ statementName: 'house.csv', coversEveryAccount: false, accountCount: 1 });
    expect(reconciliation.breakCount).toBe(reconciliation.breaks.edges.length);
    expect(reconciliation.breaks.totalCount).toBe(reconciliation.breakCount);
    expect(reconciliation.breaks.edges[0].node).toMatchObject({
      ...{ ordinal: 1, accountCode: 'A-01', kind: 'POSITION_QUANTITY', item: 'XYZ-2612-110-C' },
      ...{ theirs: '-4', state: 'OPEN', resolutions: [] },
    });
    const again = await world.ask(start, { input }, ann);
    expect(again.data.startReconciliation).toEqual({ reconciliation, repeated: true, userErrors: [] });
    expect((await world.ask(query, { id: reconciliation.id }, ann)).data.reconciliation).toEqual(reconciliation);
    expect((await world.ask(query, { id: 'none' }, ann)).data.reconciliation).toBeNull();
    const other = await world.ask(start, { input: { ...input, statement: `${statement}A-02,cash,,,,1,USD\n` } }, ann);
    expect(other.errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
  }, 30_000);

  it('tells a break of the initial requirement alone, and where it lies', async () => {
    const figures =
      'query ($id: ID!) { account(id: $id) { requirement { initial { amount } maintenance { amount } } } }';
    const { requirement } = (await world.ask(figures, { id: world.accounts.get('A-01') }, ann)).data.account;
    const [initial, maintenance] = [requirement.initial.amount as string, requirement.maintenance.amount as string];
    const theirs = String(Number(maintenance) + 500);
    const rows = [`maintenance-requirement,,,,${maintenance}`, `initial-requirement,,,,${theirs}`];
    const text = `account,record,id,quantity,price,amount,currency\n${rows.map((row) => `A-01,${row},USD\n`).join('')}`;
    const input = { idempotencyKey: 'r-i', statement: text, coversEveryAccount: false };
    const { id } = (await world.ask(start, { input }, ann)).data.startReconciliation.reconciliation;
    const { reconciliation } = (await world.ask(query, { id }, ann)).data;
    expect(reconciliation).toMatchObject({ matchedCount: 1, breakCount: 1, openBreakCount: 1 });
    const found = reconciliation.breaks.edges[0].node;
    expect(found).toMatchObject({ accountCode: 'A-01', kind: 'INITIAL_REQUIREMENT', theirs });
    expect(Number(found.ours)).toBe(Number(initial));
    expect(Number(found.difference)).toBeCloseTo(Number(theirs) - Number(initial), 9);
    expect(found.cause).toMatchObject({ steps: [], unexplained: found.difference });
    expect(found.cause.summary).toContain('in the addition of the initial one: ours 0, theirs 500');
  }, 30_000);

  it('says every bad row of a statement, and stores nothing', async () => {
    const bad = `${statement}A-01,cash,,,,x,USD\nA-01,margin,,,,1,USD\n`;
    const { data } = await world.ask(start, { input: { idempotencyKey: 'r-2', statement: bad } }, ann);
    expect(data.startReconciliation.reconciliation).toBeNull();
    expect(data.startReconciliation.userErrors).toMatchObject([
      { code: 'BAD_USER_INPUT', field: 'statement', message: expect.stringContaining('statement:3: column amount') },
      { code: 'BAD_USER_INPUT', field: 'statement', message: expect.stringContaining('statement:4: column record') },
    ]);
  });

  it('is the business of the back office and of nobody who sees some accounts only', async () => {
    const input = { idempotencyKey: 'r-3', statement };
    for (const claims of [
      { roles: ['risk'] },
      { roles: ['broker'] },
      { roles: ['back-office'], accountIds: [world.accounts.get('A-01') ?? ''] },
    ] as const) {
      const { errors } = await world.ask(start, { input }, await world.token(claims));
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }
  });
});

describe('resolveReconciliationBreaks', () => {
  it('needs a note and a second person', async () => {
    const input = { idempotencyKey: 'r-4', statement: statement.replace('-4', '-3'), coversEveryAccount: false };
    const { id } = (await world.ask(start, { input }, ann)).data.startReconciliation.reconciliation;
    const act = async (token: string, action: string, key: string, note = 'booked late') => {
      const asked = { idempotencyKey: key, reconciliationId: id, breaks: [1], action, note };
      return world.ask(resolve, { input: asked }, token);
    };
    expect((await act(ann, 'PROPOSE', 's-1', ' ')).errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect((await act(ann, 'PROPOSE', 's-2')).data.resolveReconciliationBreaks).toMatchObject({ breaks: [1] });
    expect((await act(ann, 'APPROVE', 's-3')).data.resolveReconciliationBreaks.userErrors).toMatchObject([
      { code: 'SECOND_PERSON_REQUIRED' },
    ]);
    const done = (await act(bob, 'APPROVE', 's-4')).data.resolveReconciliationBreaks;
    expect(done.userErrors).toEqual([]);
    const open = done.reconciliation.breaks.edges.map(({ node }: { node: { ordinal: number } }) => node.ordinal);
    expect(open).not.toContain(1);
    expect(done.reconciliation).toMatchObject({ openBreakCount: open.length, breaks: { totalCount: open.length } });
    expect((await act(bob, 'PROPOSE', 's-5')).data.resolveReconciliationBreaks.userErrors).toMatchObject([{ code: 'CONFLICT' }]); // prettier-ignore
  }, 30_000);
});
