import { DomainError } from '@ballast/domain';
import { PersistenceError } from '@ballast/persistence';
import { UseCaseError } from '@ballast/use-cases';
import { GraphQLError } from 'graphql';
import { createErrorFormatter, type FailureLog } from './error-formatter';

function formatted(cause: Error, data: Record<string, unknown> | null = null) {
  const logged: Parameters<FailureLog>[0][] = [];
  const error = new GraphQLError(cause.message, { originalError: cause, path: ['account', 'requirement'] });
  const { statusCode, response } = createErrorFormatter((entry) => logged.push(entry), { hideSuggestions: false })({
    data,
    errors: [error],
  });
  const [first] = response.errors;
  return { statusCode, code: first?.extensions['code'], message: first?.message, logged };
}

describe('the error formatter', () => {
  it('hides the words of a defect, and logs them with where they came from', () => {
    const defect = new TypeError('password=hunter2 of relation "accounts" at /srv/app.js:1');
    const { statusCode, code, message, logged } = formatted(defect);
    expect([statusCode, code, message]).toEqual([500, 'INTERNAL_SERVER_ERROR', 'Internal error.']);
    expect(logged).toEqual([{ code: 'INTERNAL_SERVER_ERROR', path: 'account.requirement', count: 1, error: defect }]);
  });

  it.each([
    ['UNAVAILABLE', 503],
    ['CONFLICT', 400],
    ['FORBIDDEN', 400],
    ['NOT_FOUND', 400],
  ] as const)('passes on %s of the record in words of its own', (code, status) => {
    const result = formatted(
      new PersistenceError(code, 'the record refused the statement (23505, accounts_code_unique)'),
    );
    expect([result.code, result.statusCode]).toEqual([code, status]);
    expect(result.message).not.toMatch(/record refused|23505|accounts_code/);
  });

  it('says in the words of the record what was given up under the retention policy', () => {
    const gone = new PersistenceError('GIVEN_UP', 'the quotes of market snapshot 7 were given up with their month');
    expect(formatted(gone)).toMatchObject({ code: 'NOT_FOUND', message: gone.message, statusCode: 400 });
  });

  it('takes a value that the record refuses as an error of the input, and a broken set-up as a defect', () => {
    expect(formatted(new PersistenceError('VALUE_REFUSED', 'x')).code).toBe('BAD_USER_INPUT');
    expect(formatted(new PersistenceError('SCHEMA_MISMATCH', 'x')).code).toBe('INTERNAL_SERVER_ERROR');
  });

  it('keeps the domain words of the contract and calls an invalid input an invalid input', () => {
    expect(formatted(new DomainError('PRICE_MISSING', 'no price of X')).code).toBe('PRICE_MISSING');
    expect(formatted(new DomainError('INVALID_DECIMAL', 'amount: …')).code).toBe('BAD_USER_INPUT');
    expect(formatted(new DomainError('NOT_FINITE', 'NaN became money')).code).toBe('INTERNAL_SERVER_ERROR');
    expect(formatted(new UseCaseError('FORBIDDEN', 'not permitted')).code).toBe('FORBIDDEN');
  });

  it('says 200 when some data came, and tells an outage that left nothing by its status', () => {
    const refused = new UseCaseError('NOT_FOUND', 'no such account');
    expect(formatted(refused, { account: null }).statusCode).toBe(200);
    expect(formatted(refused, null).statusCode).toBe(400);
    const outage = new PersistenceError('UNAVAILABLE', 'x');
    expect(formatted(outage, { account: null }).statusCode).toBe(503);
    expect(formatted(outage, { account: null, marketSnapshot: { id: '1' } }).statusCode).toBe(200);
  });

  it('never lets an unknown code out, and cuts long messages', () => {
    const odd = new GraphQLError('x'.repeat(2_000), { extensions: { code: 'SECRET_CODE' } });
    expect(formatted(odd).code).toBe('INTERNAL_SERVER_ERROR');
    const long = new GraphQLError('y'.repeat(2_000), { extensions: { code: 'BAD_USER_INPUT' } });
    expect(formatted(long).message).toHaveLength(501);
  });
});
