import { Decimal } from '@ballast/domain';
import { buildOption } from '../../../../test/support/lifecycle-builder';
import { adjustedContractId } from './adjusted-contract-id';

const split = { kind: 'split', numerator: 7, denominator: 1 } as const;
const rename = { kind: 'symbol-change', newUnderlying: 'BETA' } as const;
const named = (id: string) => buildOption({ id });

describe('identifier of an adjusted contract', () => {
  it.each([
    ['ALTA-C100', split, 0, 'ALTA-C100.A1'],
    ['ALTA-C100', split, 1, 'ALTA-C100.A2'],
    ['ALTA-C100.A1', split, 0, 'ALTA-C100.A2'],
    ['ALTA-C100.A9', { kind: 'special-dividend', amount: new Decimal(1) }, 0, 'ALTA-C100.A10'],
    ['ALTA-C100', rename, 0, 'BETA-C100'],
    ['ALTA-C100.A1', rename, 0, 'BETA-C100.A1'],
    ['ALTA-C100', rename, 1, 'BETA-C100.A1'],
    ['ALTA  260618C00100000', rename, 0, 'BETA  260618C00100000'],
    ['ALTAIR-C100', rename, 0, 'ALTAIR-C100.BETA'],
  ] as const)('%s after %j, choice %d, is %s', (id, action, attempt, expected) => {
    expect(adjustedContractId(named(id), action, attempt)).toBe(expected);
  });
});
