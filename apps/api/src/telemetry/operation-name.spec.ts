import { parse } from 'graphql';
import { operationName } from './operation-name';

describe('operationName', () => {
  it.each([
    ['{ account(code: "A") { id } }', 'query account'],
    ['query Mine { a: account(code: "A") { id } b: account(code: "B") { id } }', 'query account'],
    ['query Mine { accounts { totalCount } marketSnapshot { id } }', 'query several'],
    ['mutation M { startMarginRun(input: {}) { run { id } } }', 'mutation startMarginRun'],
    ['query Q { ...F } fragment F on Query { account(id: "1") { id } }', 'query several'],
    ['fragment F on Query { account(id: "1") { id } }', 'none'],
  ])('%s → %s', (text, expected) => {
    expect(operationName(parse(text))).toBe(expected);
  });
});
