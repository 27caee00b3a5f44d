import { parseInstant } from '@ballast/domain';
import { type ApiWorld, closes, openApiWorld, openRunMargin } from '../support/api-world';
import { fileOf, openImportDesk } from '../support/import-desk';

const mutation = `mutation ($input: SetBufferPolicyInput!) { setBufferPolicy(input: $input) {
  bufferPolicy { effectiveFrom liquidationMultiple watchMultiple releaseMultiple fxHaircuts { currency haircut } }
  userErrors { code field message } } }`;
const policyOf = (code: string) =>
  `{ account(code: "${code}") { bufferPolicy { effectiveFrom watchMultiple releaseMultiple fxHaircuts { currency haircut } } } }`;

describe('collateral and buffer policy over GraphQL', () => {
  let world: ApiWorld;
  const since = parseInstant('2026-11-01T00:00:00Z', 'since');

  beforeAll(async () => {
    world = await openApiWorld();
    const desk = openImportDesk(world.database);
    const context = { firmId: world.firms.alpha, recordedBy: 'ada' };
    const haircuts = fileOf('h.csv', 'assetClass,minimumYears,maximumYears,haircut\nNotes,0,10,0.045\nUnits,,,0.5\n');
    const limits = fileOf('l.csv', 'scope,target,amount,currency\nclass,Units,50.00,USD\n');
    await desk.importHaircuts.execute({ ...context, effectiveFrom: since }, [haircuts, limits]);
    const rows = [
      'account,asset,kind,assetClass,quantity,maturity,price,currency',
      'A-01,US1,security,Notes,1000,2031-01-01,0.99,USD',
      'A-01,XYZ,other,Units,3,,,',
      'A-01,MONA,other,Art,1,,,',
    ];
    const delivery = fileOf('c.csv', `${rows.join('\n')}\n`);
    await desk.importCollateral.execute({ ...context, mode: 'REPLACE', validFrom: since }, delivery);
  }, 60_000);
  afterAll(() => world?.close());

  it('shows what is pledged and how it came to its value', async () => {
    const { data, errors } = await world.ask(`{ account(code: "A-01") { collateral {
      asset kind assetClass maturity schedule quantity price currency haircut fxRate fxHaircut limitedBy problem
      grossValue { amount } valueAfterHaircut { amount } valueAfterFx { amount currency }
      concentrationExcess { amount } value { amount currency } } } }`);
    expect(errors).toEqual([]);
    const [art, note, units] = data.account.collateral;
    // 1 000 · 0.99 = 990 less 4.5 % = 945.45
    expect(note).toMatchObject({
      asset: 'US1',
      kind: 'SECURITY',
      maturity: '2031-01-01',
      schedule: 'HOUSE',
      quantity: '1000',
      haircut: '0.045',
      fxRate: '1',
      fxHaircut: '0',
      grossValue: { amount: '990.00' },
      valueAfterHaircut: { amount: '945.45' },
      concentrationExcess: { amount: '0.00' },
      value: { amount: '945.45', currency: 'USD' },
      problem: null,
    });
    expect(units).toMatchObject({
      asset: 'XYZ',
      haircut: '0.5',
      limitedBy: 'class limit of Units',
      value: { amount: '50.00' },
    });
    expect(art).toMatchObject({ asset: 'MONA', value: { amount: '0.00' } });
    expect(art.problem).toContain('Art is not on the schedule HOUSE');
  });

  it('counts it in the requirement of a run, line by line', async () => {
    const run = openRunMargin(world.database.database);
    await run.execute({ firmId: world.firms.alpha, requestedBy: 'ada', asOf: closes[2] });
    const { data, errors } = await world.ask(`{ account(code: "A-01") { requirement {
      equity { amount } collateralValue { amount } computedStatus status leverage
      equityComponents { kind currency grossAmount { amount } fxRate fxHaircut amount { amount } }
      collateral { asset value { amount } } } } }`);
    expect(errors).toEqual([]);
    const { requirement } = data.account;
    expect(requirement.collateralValue.amount).toBe('995.45');
    expect(requirement.computedStatus).toBe(requirement.status);
    expect(Number(requirement.leverage)).toBeGreaterThan(0);
    const cents = requirement.equityComponents.map((line: { amount: { amount: string } }) =>
      Math.round(100 * Number(line.amount.amount)),
    );
    expect(cents.reduce((sum: number, amount: number) => sum + amount, 0)).toBe(
      Math.round(100 * Number(requirement.equity.amount)),
    );
    expect(requirement.equityComponents.map(({ kind }: { kind: string }) => kind)).toContain('collateral');
    expect(requirement.collateral).toHaveLength(3);
  });

  it('sets a policy once per key, from a date on, for an account or the firm', async () => {
    const risk = await world.token({ roles: ['risk'] });
    const set = async (input: object) => {
      const { data, errors } = await world.ask(mutation, { input }, risk);
      expect(errors).toEqual([]);
      return data.setBufferPolicy;
    };
    const input = {
      idempotencyKey: 'p-1',
      accountCode: 'A-02',
      effectiveFrom: '2026-11-01T00:00:00Z',
      watchMultiple: '1.25',
      releaseMultiple: '1.5',
      fxHaircuts: [{ currency: 'EUR', haircut: '0.08' }],
    };
    const expected = {
      effectiveFrom: '2026-11-01T00:00:00.000Z',
      liquidationMultiple: '0.75',
      watchMultiple: '1.25',
      releaseMultiple: '1.5',
      fxHaircuts: [{ currency: 'EUR', haircut: '0.08' }],
    };
    const answers = await Promise.all([set(input), set(input)]);
    for (const answer of [...answers, await set(input)])
      expect(answer).toEqual({ bufferPolicy: expected, userErrors: [] });
    await set({ idempotencyKey: 'p-2', effectiveFrom: '2026-11-02T00:00:00Z', watchMultiple: '1.2' });
    const [own, firms] = await Promise.all(['A-02', 'A-03'].map((code) => world.ask(policyOf(code))));
    expect(own?.data.account.bufferPolicy).toMatchObject({ watchMultiple: '1.25' });
    expect(firms?.data.account.bufferPolicy).toMatchObject({
      watchMultiple: '1.2',
      releaseMultiple: '1.3',
      fxHaircuts: [],
    });
    const foreign = await world.ask(policyOf('B-01'), {}, await world.token({ roles: ['risk'], firm: 'beta' }));
    expect(foreign.data.account.bufferPolicy).toMatchObject({ watchMultiple: '1.1', effectiveFrom: null });
  });

  it('refuses a ladder out of order, an unknown account, a wrong role and a key used for something else', async () => {
    const ask = (input: object, token?: string) => world.ask(mutation, { input }, token);
    const disorder = await ask({ idempotencyKey: 'p-3', accountCode: 'A-04', watchMultiple: '0.9' });
    expect(disorder.data.setBufferPolicy).toMatchObject({
      bufferPolicy: null,
      userErrors: [{ code: 'INVALID_PARAMETER', field: 'watchMultiple' }],
    });
    const unknown = await ask({ idempotencyKey: 'p-4', accountCode: 'B-01', watchMultiple: '1.2' });
    expect(unknown.data.setBufferPolicy.userErrors).toMatchObject([{ code: 'NOT_FOUND', field: 'accountCode' }]);
    const haircut = await ask({ idempotencyKey: 'p-5', fxHaircuts: [{ currency: 'EUR', haircut: '1.5' }] });
    expect(haircut.data.setBufferPolicy.userErrors).toMatchObject([{ code: 'INVALID_PARAMETER' }]);
    const zero = await ask({ idempotencyKey: 'p-6', liquidationMultiple: '0' });
    expect(zero.data.setBufferPolicy.userErrors).toMatchObject([{ field: 'liquidationMultiple' }]);
    for (const role of ['broker', 'back-office'] as const) {
      const { errors } = await ask({ idempotencyKey: 'p-7' }, await world.token({ roles: [role] }));
      expect(errors[0]?.extensions.code).toBe('FORBIDDEN');
    }
    await ask({ idempotencyKey: 'p-8', accountCode: 'A-05', watchMultiple: '1.2' });
    const other = await ask({ idempotencyKey: 'p-8', accountCode: 'A-05', watchMultiple: '1.25' });
    expect(other.errors[0]?.extensions.code).toBe('CONFLICT');
    const limited = await world.token({ roles: ['risk'], accountIds: [world.accounts.get('A-01') ?? ''] });
    const firmWide = await ask({ idempotencyKey: 'p-9', watchMultiple: '1.2' }, limited);
    expect(firmWide.errors[0]?.extensions.code).toBe('FORBIDDEN');
    const beyond = await ask({ idempotencyKey: 'p-10', accountCode: 'A-02', watchMultiple: '1.2' }, limited);
    expect(beyond.data.setBufferPolicy.userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
  });
});
