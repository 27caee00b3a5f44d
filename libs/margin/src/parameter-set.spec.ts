import { parseInstant } from '@ballast/domain';
import { selectParameterSet } from './parameter-set';

describe('selectParameterSet', () => {
  const sets = [
    { id: 'new', effectiveFrom: '2024-10-18', source: '', values: 2 },
    { id: 'old', effectiveFrom: '1988-12-16', source: '', values: 1 },
  ];
  const at = (text: string) => selectParameterSet(sets, parseInstant(text, 'asOf')).id;

  it('takes the latest set in force, from midnight UTC of its day', () => {
    expect(at('2024-10-17T23:59:59.999Z')).toBe('old');
    expect(at('2024-10-18T00:00:00Z')).toBe('new');
  });

  it('says which sets it knows when none is in force', () => {
    expect(() => at('1980-01-01T00:00:00Z')).toThrow(
      expect.objectContaining({ code: 'PARAMETERS_MISSING', message: expect.stringContaining('old from 1988-12-16') }),
    );
  });
});
