import { inventMarket, type SyntheticMarket } from '../../../../test/support/risk-file-generator';
import { writePa2 } from '../../../../test/support/risk-file-generator-pa2';
import { writeSpn } from '../../../../test/support/risk-file-generator-spn';
import { type SyntheticPosition, totalsOf } from '../../../../test/support/risk-file-generator-totals';
import { evaluateRiskFile, type RiskFileOutput, type RiskFileResult } from './evaluate-risk-file';

const market = inventMarket({ commodities: 12, months: 4, strikes: 8 });
const header = 'exchange,commodity,type,underlyingMonth,optionMonth,right,strike,quantity';

function rowOf({ commodity, month, option, quantity }: SyntheticPosition, from: SyntheticMarket = market): string {
  const { exchange, code, months } = from.commodities[commodity]!;
  const place = months[month]!;
  const held = option === undefined ? undefined : place.options[option]!;
  const terms = held === undefined ? 'FUT,MONTH,,,' : `OOF,MONTH,MONTH,${held.right},${held.strike}`;
  return `${exchange},${code},${terms.replaceAll('MONTH', place.month)},${quantity}`;
}

function evaluate(
  text: string,
  positions: string,
  options: { readonly accountType?: 'member' | 'speculator'; readonly currency?: string } = {},
): Promise<RiskFileResult> {
  const bytes = (async function* () {
    yield Buffer.from(text);
  })();
  return evaluateRiskFile({
    parameters: { name: 'parameters', bytes },
    positions: { name: 'positions.csv', bytes: Buffer.from(positions) },
    accountType: options.accountType ?? 'member',
    ...(options.currency === undefined ? {} : { currency: options.currency }),
  });
}

async function outputOf(...input: Parameters<typeof evaluate>): Promise<RiskFileOutput> {
  const result = await evaluate(...input);
  if (result.status === 'rejected') throw new Error(result.message);
  return result.outputs[0]!;
}

const books: readonly (readonly [string, readonly SyntheticPosition[]])[] = [
  ['a future alone', [{ commodity: 0, month: 0, quantity: 3 }]],
  ['a calendar of futures, series spread and delivery', [
    { commodity: 0, month: 0, quantity: 5 }, { commodity: 0, month: 1, quantity: -3 }, { commodity: 0, month: 3, quantity: -4 },
  ]],
  ['short strangles under a gross minimum', [
    { commodity: 2, month: 1, option: 0, quantity: -7 }, { commodity: 2, month: 1, option: 13, quantity: -5 },
  ]],
  ['far options under a maximum minimum', [
    { commodity: 1, month: 1, option: 14, quantity: -2 }, { commodity: 1, month: 1, option: 1, quantity: -9 },
    { commodity: 1, month: 2, quantity: 1 },
  ]],
  ['a commodity scanned by tiers', [
    { commodity: 3, month: 0, quantity: 4 }, { commodity: 3, month: 3, quantity: -4 }, { commodity: 3, month: 2, option: 4, quantity: 6 },
  ]],
  ['two commodities with a weighted credit', [
    { commodity: 0, month: 1, quantity: 4 }, { commodity: 1, month: 1, quantity: -6 },
  ]],
  ['two commodities with a super spread', [
    { commodity: 2, month: 2, quantity: 4 }, { commodity: 2, month: 3, quantity: -1 }, { commodity: 3, month: 1, quantity: -6 },
  ]],
  ['euros, scaled deltas, a super spread', [
    { commodity: 4, month: 1, quantity: -2 }, { commodity: 5, month: 1, quantity: 9 }, { commodity: 4, month: 1, option: 6, quantity: 3 },
  ]],
  ['a flat credit, futures-style options', [
    { commodity: 6, month: 2, quantity: -5 }, { commodity: 6, month: 2, option: 5, quantity: 2 }, { commodity: 7, month: 0, quantity: 3 },
  ]],
  ['everything at once', Array.from({ length: 60 }, (_, index): SyntheticPosition => ({
    commodity: (index * 5) % 12,
    month: (index * 7) % 4,
    ...(index % 3 === 0 ? {} : { option: (index * 11) % 14 }),
    quantity: ((index * 13) % 11) - 5,
  }))],
]; // prettier-ignore

describe.each([
  ['spn', writeSpn],
  ['pa2', writePa2],
] as const)('evaluateRiskFile on a .%s file', (_, write) => {
  const text = [...write(market)].join('');

  it.each(books)('requires what arithmetic of its own says: %s', async (_title, positions) => {
    const csv = [header, ...positions.map((position) => rowOf(position))].join('\n');
    for (const accountType of ['member', 'speculator'] as const) {
      const expected = totalsOf(market, positions, accountType);
      const { model, quality, currency, breakdown } = await outputOf(text, `${csv}\n`, {
        accountType,
        currency: 'USD',
      });
      expect([quality, currency]).toEqual(['OK', 'USD']);
      expect(model?.maintenanceRequirement).toBeCloseTo(expected.maintenance, 6);
      expect(model?.initialRequirement).toBeCloseTo(expected.initial, 6);
      expect(model?.netOptionValue).toBeCloseTo(expected.netOptionValue, 6);
      const children = breakdown.filter(({ parentId }) => parentId === '1');
      const sum = children.reduce((total, { amount }) => total + Math.round(Number(amount) * 100), 0);
      expect(sum).toBe(Math.round(Number(breakdown[0]?.amount) * 100));
    }
  });

  it('meets every kind of charge and credit in these books', async () => {
    const kinds = new Set<string>();
    for (const [, positions] of books) {
      const output = await outputOf(text, `${[header, ...positions.map((position) => rowOf(position))].join('\n')}\n`);
      for (const { kind } of output.breakdown) kinds.add(kind);
    }
    expect([...kinds]).toEqual(
      expect.arrayContaining([
        'scan-risk',
        'calendar-spread-charge',
        'delivery-charge',
        'intercommodity-spread-credit',
        'minimum-top-up',
        'net-option-value',
      ]),
    );
  });

  it('answers per account', async () => {
    const rows = [rowOf({ commodity: 0, month: 0, quantity: 3 }), rowOf({ commodity: 0, month: 0, quantity: -1 })];
    const csv = `${header},account\n${rows[0]},B\n${rows[1]},A\n${rows[1]},B\n`;
    const result = await evaluate(text, csv);
    if (result.status !== 'evaluated') throw new Error('not evaluated');
    const alone = totalsOf(market, [{ commodity: 0, month: 0, quantity: 1 }], 'member').maintenance;
    const short = totalsOf(market, [{ commodity: 0, month: 0, quantity: -1 }], 'member').maintenance;
    expect(result.hasAccounts).toBe(true);
    expect(result.outputs.map(({ account, model }) => [account, model?.maintenanceRequirement])).toEqual([
      ['A', short],
      ['B', alone * 2],
    ]);
  });

  it('nets lots in any order and takes quantity 0 as nothing', async () => {
    const position = { commodity: 2, month: 1, option: 3 };
    const lots = [rowOf({ ...position, quantity: 4 }), rowOf({ ...position, quantity: -6 })];
    const zero = rowOf({ commodity: 5, month: 0, quantity: 0 });
    const one = await outputOf(text, [header, ...lots, zero, ''].join('\n'));
    const other = await outputOf(text, [header, zero, lots[1], lots[0], ''].join('\n'));
    const net = await outputOf(text, [header, rowOf({ ...position, quantity: -2 }), ''].join('\n'));
    expect(one.model).toEqual(other.model);
    expect(one.model).toEqual(net.model);
  });

  it('converts to another base currency, and refuses one without a rate', async () => {
    const csv = `${header}\n${rowOf({ commodity: 0, month: 0, quantity: 3 })}\n`;
    const dollars = await outputOf(text, csv);
    const euros = await outputOf(text, csv, { currency: 'EUR' });
    expect(euros.model!.maintenanceRequirement * 1.0825).toBeCloseTo(dollars.model!.maintenanceRequirement, 8);
    const refused = await evaluate(text, csv, { currency: 'GBP' });
    expect(refused).toMatchObject({ status: 'rejected', exitCode: 3, code: 'FX_MISSING' });
  });

  it('names line and value of every position it cannot match', async () => {
    const good = rowOf({ commodity: 0, month: 0, quantity: 3 });
    const result = await evaluate(
      text,
      `${header}\n${good}\nXAA,NONE,FUT,202609,,,,1\nXAA,F000,OOF,202609,202609,C,1,2\n`,
    );
    expect(result).toMatchObject({ status: 'rejected', exitCode: 3, code: 'INVALID_FILE' });
    expect('message' in result && result.message.split('\n')).toEqual([
      'positions.csv:3: column commodity: value "XAA NONE FUT 2026-09": no such contract in parameters',
      'positions.csv:4: column commodity: value "XAA F000 OOF 2026-09 2026-09 call 1": no such contract in parameters',
    ]);
  });
});

describe('evaluateRiskFile', () => {
  const spn = [...writeSpn(market)].join('');
  const pa2 = [...writePa2(market)].join('');
  const option = { commodity: 0, month: 1, option: 2 };
  const short = `${header}\n${rowOf({ ...option, quantity: -1 })}\n`;

  it('takes the identifiers of the file', async () => {
    const named = market.commodities[0]!.months[1]!;
    const expected = totalsOf(market, [{ commodity: 0, month: 1, quantity: -1 }], 'member').maintenance;
    for (const id of [named.id, `F0001/${named.id}`, `XAA/F0001/${named.id}`]) {
      const output = await outputOf(spn, `instrument,quantity\n${id},-1\n`);
      expect(output.model?.maintenanceRequirement).toBe(expected);
    }
    const positional = await outputOf(pa2, 'instrument,quantity\nXAA F000 FUT 2026-10,-1\n');
    expect(positional.model?.maintenanceRequirement).toBe(expected);
  });

  it.each([
    ['an option without a price', spn.replace(/(<opt><cId>1001\D.*?)<p>[^<]*<\/p>/g, '$1'), 'the file has no price'],
    ['an option without an array', spn.replace(/<ra>.*?<\/ra>(?=<\/opt>)/g, ''), 'the file has no risk array'],
    ['a price of all nines', pa2.replaceAll(/^(82XAA.{23}C.{81})\d{7}/gm, '$19999999'), 'the file has no price'],
    ['a charge that is not computed', pa2.replaceAll(/^(3 C000 {2})10/gm, '$111'), 'method 11 is not table-driven'],
    ['a product of no commodity', spn.replaceAll(/<pfLink>.*?<\/pfLink>/g, ''), 'into no combined commodity'],
  ])('is indeterminate for %s', async (_, text, reason) => {
    const result = await evaluate(text, short);
    expect(result).toMatchObject({ status: 'indeterminate', exitCode: 5 });
    const output = 'outputs' in result ? result.outputs[0] : undefined;
    expect(output).toMatchObject({ quality: 'INDETERMINATE', maintenanceRequirement: null, model: null });
    expect(output?.qualityReasons.join()).toContain(reason);
  });

  it('leaves weighted extremes as they are, and says when they look unweighted', async () => {
    const future = `${header}\n${rowOf({ commodity: 0, month: 0, quantity: 1 })}\n`;
    const losses = market.commodities[0]!.months[0]!.losses;
    const plain = await outputOf(spn, future);
    expect(plain.scenarios.map(({ loss }) => loss)).toEqual(losses.map((loss) => loss + 0));
    expect(plain.warnings).toEqual([]);
    const [up, down] = [losses[14]!, losses[15]!];
    const full = [Math.round(up / 0.33), Math.round(down / 0.33)];
    const raw = spn.replaceAll(`<a>${up}</a><a>${down}</a>`, `<a>${full[0]}</a><a>${full[1]}</a>`);
    const unweighted = await outputOf(raw, future);
    expect(unweighted.warnings.join()).toContain('look unweighted');
    expect(unweighted.model?.maintenanceRequirement).toBe(
      full[1]! + 0 + (plain.model!.maintenanceRequirement - losses[12]!),
    );
  });

  it('scans every month on its own where the file says so', async () => {
    const rows = [0, 1].map((month) => rowOf({ commodity: 0, month, quantity: month === 0 ? 3 : -3 }));
    const csv = [header, ...rows, ''].join('\n');
    const apart = await outputOf(pa2.replaceAll(/^(S C000 {2})01/gm, '$102'), csv);
    const scan = (output: RiskFileOutput) => Number(output.breakdown.find(({ kind }) => kind === 'scan-risk')?.amount);
    const largest = Math.max(...market.commodities[0]!.months[0]!.losses);
    expect([scan(await outputOf(pa2, csv)), scan(apart)]).toEqual([0, 6 * largest]);
  });

  it('takes the array of the account type where a file has several (Takasbank: 3.0 / 0.32)', async () => {
    const array = (scale: number) =>
      `<ra><r>${scale}</r>${Array.from({ length: 16 }, (_, index) => `<a>${index === 12 ? 100 * scale : 0}</a>`).join('')}<d>1</d></ra>`;
    const text = `<spanFile><fileFormat>4.00</fileFormat><pointInTime><date>20260911</date><clearingOrg><ec>TKS</ec>
      <pbRateDef><r>1</r><isCust>1</isCust><acctType>M</acctType><isM>1</isM></pbRateDef>
      <pbRateDef><r>2</r><isCust>1</isCust><acctType>S</acctType><isM>1</isM></pbRateDef>
      <exchange><exch>TRK</exch><futPf><pfId>7</pfId><pfCode>THYAO</pfCode><currency>TRY</currency><cvf>100</cvf>
      <fut><cId>70</cId><pe>20260930</pe><p>301.5</p><scanRate><r>1</r><priceScanPct>13.4</priceScanPct><volScanPct>0.28</volScanPct></scanRate>${array(1)}${array(2)}</fut></futPf></exchange>
      <ccDef><cc>THYAO</cc><currency>TRY</currency><pfLink><exch>TRK</exch><pfId>7</pfId><pfType>FUT</pfType></pfLink></ccDef>
      </clearingOrg></pointInTime></spanFile>`;
    const csv = `${header}\nTRK,THYAO,FUT,20260930,,,,2\n`;
    expect((await outputOf(text, csv)).maintenanceRequirement).toBe('200.00');
    const speculator = await outputOf(text, csv, { accountType: 'speculator' });
    expect([speculator.maintenanceRequirement, speculator.currency]).toEqual(['400.00', 'TRY']);
  });
});
