import { asOf } from '../../../test/support/portfolio-builder';
import { prepareNormalModel } from './normal-model';

describe('prepareNormalModel', () => {
  it('exists for SPAN alone', () => {
    expect(prepareNormalModel({ methodology: 'TIMS', parameters: {}, asOf })).toBeUndefined();
    expect(prepareNormalModel({ methodology: 'SPAN', parameters: {}, asOf })).toBeDefined();
  });

  it('refuses parameters that are not an object', () => {
    const prepare = prepareNormalModel({ methodology: 'SPAN', parameters: { CL: 3 }, asOf });
    expect(() => prepare?.(['CL'])).toThrow(expect.objectContaining({ code: 'INVALID_PARAMETER' }));
  });
});
