import { DomainError, domainErrorCodes } from './domain-error';

describe('DomainError', () => {
  it('carries its code and the refused field', () => {
    const error = new DomainError('PRICE_MISSING', 'no price for IBM', 'market.instruments[0]');
    expect(error).toMatchObject({ code: 'PRICE_MISSING', field: 'market.instruments[0]', name: 'DomainError' });
  });
  it('has a closed list of distinct codes', () => expect(new Set(domainErrorCodes).size).toBe(domainErrorCodes.length));
});
