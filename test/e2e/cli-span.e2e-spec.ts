import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runBallast } from '../support/ballast-process';
import { inventMarket, type SyntheticMarket } from '../support/risk-file-generator';
import { writePa2 } from '../support/risk-file-generator-pa2';
import { writeSpn } from '../support/risk-file-generator-spn';
import { type SyntheticPosition, totalsOf } from '../support/risk-file-generator-totals';

const folder = mkdtempSync(path.join(tmpdir(), 'ballast-span-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, pieces: Iterable<string>): string {
  const file = path.join(folder, name);
  const handle = openSync(file, 'w');
  for (const piece of pieces) writeSync(handle, piece);
  closeSync(handle);
  return file;
}

const header = 'exchange,commodity,type,underlyingMonth,optionMonth,right,strike,quantity,account';
function rowOf({ commodity, month, option, quantity }: SyntheticPosition, account: string): string {
  const { exchange, code, months } = market.commodities[commodity]!;
  const place = months[month]!;
  const held = option === undefined ? undefined : place.options[option]!;
  const terms =
    held === undefined ? `FUT,${place.month},,,` : `OOF,${place.month},${place.month},${held.right},${held.strike}`;
  return `${exchange},${code},${terms},${quantity},${account}`;
}

const market: SyntheticMarket = inventMarket({ commodities: 6, months: 3, strikes: 6 });
const held: readonly SyntheticPosition[] = [
  { commodity: 0, month: 0, quantity: 4 },
  { commodity: 0, month: 1, quantity: -3 },
  { commodity: 1, month: 1, option: 3, quantity: -2 },
  { commodity: 1, month: 2, quantity: -5 },
];
const positions = write('positions.csv', [
  `${[header, ...held.map((position) => rowOf(position, 'HOUSE')), rowOf(held[0]!, 'OTHER')].join('\n')}\n`,
]);
const spn = write('market.spn', writeSpn(market));
const pa2 = write('market.pa2', writePa2(market));

describe('ballast span', () => {
  it.each([
    ['an .spn file', spn],
    ['a .pa2 file', pa2],
  ])('requires positions against %s, one output per account', async (_, parameters) => {
    const words = [
      'span',
      '--parameters',
      parameters,
      '--positions',
      positions,
      '--json',
      '--account-type',
      'speculator',
    ];
    const { exitCode, stdout, stderr } = await runBallast(words, {});
    expect([exitCode, stderr]).toEqual([0, '']);
    const outputs = JSON.parse(stdout) as { account: string; model: Record<string, number> }[];
    expect(outputs.map(({ account }) => account)).toEqual(['HOUSE', 'OTHER']);
    const expected = totalsOf(market, held, 'speculator');
    expect(outputs[0]?.model['initialRequirement']).toBeCloseTo(expected.initial, 6);
    expect(outputs[0]?.model['maintenanceRequirement']).toBeCloseTo(expected.maintenance, 6);
    expect(outputs[0]?.model['netOptionValue']).toBeCloseTo(expected.netOptionValue, 6);
    expect(outputs[0]).toMatchObject({
      methodology: 'SPAN',
      quality: 'OK',
      accountType: 'speculator',
      status: 'NOT_ASSESSED',
    });
  });

  it('prints a report a person reads', async () => {
    const { exitCode, stdout } = await runBallast(['span', '--parameters', spn, '--positions', positions], {});
    expect(exitCode).toBe(0);
    for (const words of ['Account HOUSE', 'XCH of 2026-09-11', 'Scan risk', 'Calendar spread charge', 'Worst scenario'])
      expect(stdout).toContain(words);
  });

  it('answers one object where the positions name no account, from standard input', async () => {
    const text = `instrument,quantity\nF0001/1000,-2\n`;
    const { exitCode, stdout } = await runBallast(
      ['span', '--parameters', spn, '--positions', '-', '--json'],
      {},
      text,
    );
    const output = JSON.parse(stdout) as { model: Record<string, number>; account?: string };
    expect([exitCode, output.account]).toEqual([0, undefined]);
    const expected = totalsOf(market, [{ commodity: 0, month: 0, quantity: -2 }], 'member');
    expect(output.model['maintenanceRequirement']).toBe(expected.maintenance);
  });

  it.each([
    ['no parameters', ['--positions', positions], "required option '--parameters <file>' not specified"],
    [
      'an unknown account type',
      ['--parameters', spn, '--positions', positions, '--account-type', 'X'],
      'expected member',
    ],
    ['a wrong currency', ['--parameters', spn, '--positions', positions, '--currency', 'usd'], 'currency code'],
    ['standard input twice', ['--parameters', '-', '--positions', '-'], 'one of the two files'],
  ])('refuses %s with exit code 2', async (_, words, message) => {
    const { exitCode, stdout, stderr } = await runBallast(['span', ...words], {});
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });

  it('names line and value of a position the file does not have, with exit code 3', async () => {
    const unknown = write('unknown.csv', [`${header}\n${rowOf(held[0]!, 'A')}\nXAA,F000,FUT,209901,,,,1,A\n`]);
    const { exitCode, stderr } = await runBallast(['span', '--parameters', pa2, '--positions', unknown], {});
    expect(exitCode).toBe(3);
    expect(stderr).toBe(`${unknown}:3: column commodity: value "XAA F000 FUT 2099-01": no such contract in ${pa2}\n`);
  });

  it('refuses a DTD with line and column, exit code 3', async () => {
    const evil = write('evil.spn', ['<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY x "ha">]><spanFile>&x;</spanFile>']);
    const { exitCode, stderr } = await runBallast(['span', '--parameters', evil, '--positions', positions], {});
    expect(exitCode).toBe(3);
    expect(stderr).toContain(`${evil}:2: column character 1: a document type declaration`);
  });

  it('is indeterminate with exit code 5 where an option has no price', async () => {
    const text = [...writeSpn(market)].join('').replace(/(<opt>(?:(?!<opt>).)*?)<p>[^<]*<\/p>/gs, '$1');
    const file = write('priceless.spn', [text]);
    const { exitCode, stdout, stderr } = await runBallast(
      ['span', '--parameters', file, '--positions', positions, '--json'],
      {},
    );
    expect(exitCode).toBe(5);
    const [house, other] = JSON.parse(stdout) as { quality: string; maintenanceRequirement: string | null }[];
    expect([house?.quality, house?.maintenanceRequirement, other?.quality]).toEqual(['INDETERMINATE', null, 'OK']);
    expect(stderr).toContain('HOUSE: indeterminate');
    expect(stderr).toContain('the file has no price');
  });

  it('reads 25 MB within a heap of 40 MB: memory does not grow with the file', async () => {
    const large = write('large.spn', writeSpn({ ...inventMarket({ commodities: 6, months: 24, strikes: 230 }) }));
    expect(statSync(large).size).toBeGreaterThan(20_000_000);
    const few = path.join(folder, 'few.csv');
    writeFileSync(few, 'instrument,quantity\nF0001/1000,-2\nF0051/6003,1\n');
    const { exitCode, stderr } = await runBallast(['span', '--parameters', large, '--positions', few, '--json'], {
      NODE_OPTIONS: '--max-old-space-size=40',
    });
    expect([exitCode, stderr]).toEqual([0, '']);
  }, 60_000);
});
