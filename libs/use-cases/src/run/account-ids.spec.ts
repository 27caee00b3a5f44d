import type { Account } from '@ballast/domain';
import { accountIdsOf } from './account-ids';

const accounts = ['b', 'a'].map((id) => ({ id }) as Account);

it('gives one list for accounts that do not change, and a new one for others', () => {
  const frozen = Object.freeze([...accounts]);
  expect(accountIdsOf(frozen)).toEqual(['b', 'a']);
  expect(accountIdsOf(frozen)).toBe(accountIdsOf(frozen));
  const open = [...accounts];
  expect(accountIdsOf(open)).toEqual(['b', 'a']);
  open.pop();
  expect(accountIdsOf(open)).toEqual(['b']);
});
