import path from 'node:path';
import { findBreaches } from './support/tidy';

describe('the structure of the tree', () => {
  it('keeps every rule of ARCHITECTURE.md', () => {
    const breaches = findBreaches(path.resolve(__dirname, '..'));
    expect(breaches.map(({ rule, file, message }) => `${rule} ${file}: ${message}`)).toEqual([]);
  });

  it('bites: every rule fires on the bad fixture', () => {
    const breaches = findBreaches(path.resolve(__dirname, 'tidy-fixture'));
    const seen = new Set(breaches.map(({ rule }) => rule));
    expect([...seen].sort()).toEqual([
      'cycle',
      'function-length',
      'import',
      'injection',
      'length',
      'name',
      'spec',
      'token',
    ]);
    const upwards = breaches.filter(({ rule, file }) => rule === 'import' && file === 'libs/pricing/src/bad-price.ts');
    expect(upwards.map(({ message }) => message)).toEqual([
      'pricing may not import margin: ARCHITECTURE.md, who may import whom',
      'pricing may not import the package decimal.js',
      '../../domain/src/first leaves the library: import another library by its alias',
    ]);
    const circles = breaches.filter(({ rule }) => rule === 'cycle').map(({ message }) => message);
    expect(circles).toEqual([
      'libs/domain/src/first.ts → libs/domain/src/second.ts → libs/domain/src/first.ts',
      'libs/domain/src/ledger-line.ts → libs/domain/src/ledger.ts → libs/domain/src/ledger-line.ts',
    ]);
    const tokens = breaches.filter(({ rule, file }) => rule === 'token' && file === 'libs/pricing/src/bad-price.ts');
    expect(tokens).toHaveLength(4);
  });
});
