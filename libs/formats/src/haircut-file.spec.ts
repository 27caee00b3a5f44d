import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { FileRefusal } from './file-refusal';
import { readHaircutFiles } from './haircut-file';

const file = (name: string, text: string) => ({ name, bytes: new TextEncoder().encode(text) });
const haircuts = file(
  'h.csv',
  'assetClass,rating,minimumYears,maximumYears,haircut\nNotes,,0,5,0.02\nNotes,AA,0,5,0.01\n',
);
const limits = file('l.csv', 'scope,target,share,amount,currency,excessHaircut\nclass,Notes,0.4,100.00,USD,\n');
const refusalOf = (...input: Parameters<typeof readHaircutFiles>) => {
  try {
    readHaircutFiles(...input);
  } catch (error) {
    if (error instanceof FileRefusal) return error.problems[0];
  }
  throw new Error('was taken');
};

describe('readHaircutFiles', () => {
  it('reads haircuts and limits as one schedule, in either order', () => {
    for (const sources of [
      [haircuts, limits],
      [limits, haircuts],
    ]) {
      const { schedule, rows } = readHaircutFiles(sources, { name: 'HOUSE' });
      expect(rows).toBe(3);
      expect(schedule.rules).toEqual([
        { assetClass: 'Notes', minimumYears: 0, maximumYears: 5, haircut: 0.02 },
        { assetClass: 'Notes', rating: 'AA', minimumYears: 0, maximumYears: 5, haircut: 0.01 },
      ]);
      expect(schedule.limits).toMatchObject([{ scope: 'class', target: 'Notes', share: 0.4, excessHaircut: 1 }]);
    }
  });

  it('reads the JSON form', () => {
    const text = '[{"assetClass":"Notes","haircut":0.02}]';
    expect(readHaircutFiles([file('h.json', text)], { name: 'X' }).schedule.rules).toEqual([
      { assetClass: 'Notes', haircut: 0.02 },
    ]);
  });

  it.each([
    ['two rules for one maturity', 'assetClass,minimumYears,maximumYears,haircut\nN,0,5,0.1\nN,4,6,0.1\n', { line: 3 }],
    ['expected a fraction 0…1; 5 % is 0.05', 'assetClass,haircut\nN,5\n', { line: 2, column: 'haircut' }],
    ['an empty maturity bucket', 'assetClass,minimumYears,maximumYears,haircut\nN,5,5,0.1\n', { line: 2 }],
  ])('refuses %s', (reason, text, place) => {
    const problem = refusalOf([file('h.csv', text)], { name: 'X' });
    expect(problem).toMatchObject({ file: 'h.csv', ...place });
    expect(problem?.reason).toContain(reason);
  });

  it('refuses limits alone, two files of one kind, and a limit without a limit', () => {
    expect(refusalOf([limits], { name: 'X' })?.reason).toContain('limits alone are no schedule');
    expect(refusalOf([haircuts, haircuts], { name: 'X' })?.reason).toBe('a second file of haircuts');
    const bare = file('l.csv', 'scope,target,share\nclass,Notes,\n');
    expect(refusalOf([haircuts, bare], { name: 'X' })).toMatchObject({ file: 'l.csv', line: 2, column: 'share' });
  });

  it('asks which vintage where there are several', () => {
    const text = 'vintage,asset,maturity_bucket,haircut_pct\nnew,N,any,1\nold,N,any,2\n';
    const rules = (vintage: string) => readHaircutFiles([file('h.csv', text)], { name: 'X', vintage }).schedule.rules;
    expect([rules('new'), rules('old')]).toMatchObject([[{ haircut: 0.01 }], [{ haircut: 0.02 }]]);
    expect(refusalOf([file('h.csv', text)], { name: 'X' })?.reason).toContain('"new", "old"; say which by --vintage');
    expect(refusalOf([file('h.csv', text)], { name: 'X', vintage: 'x' })?.reason).toBe(
      'the file holds no such vintage',
    );
    expect(refusalOf([haircuts], { name: 'X', vintage: 'x' })?.reason).toBe('this format holds no vintages');
  });
});

const shared = path.resolve(__dirname, '../../../../shared/data/collateral');
const maybe = existsSync(shared) ? describe : describe.skip;
const scheduleOf = (name: string, vintage?: string) =>
  readHaircutFiles([{ name, bytes: readFileSync(path.join(shared, name)) }], {
    name: 'CCP',
    ...(vintage === undefined ? {} : { vintage }),
  }).schedule;

maybe('the schedules of two clearing houses (skipped: shared data not present)', () => {
  it('are read whole', () => {
    expect(scheduleOf('cme_irs_haircuts_docplayer.csv').rules).toHaveLength(22);
    expect(scheduleOf('occ_haircuts.csv', 'current(prd-web.theocc.com)').rules).toHaveLength(20);
    expect(scheduleOf('occ_haircuts.csv', 'older(www.theocc.com)').rules).toHaveLength(8);
    expect(() => scheduleOf('occ_haircuts.csv')).toThrow('say which by --vintage');
  });
});
