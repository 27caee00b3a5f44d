import { netCoins, yearsOfSeconds } from './crypto-pmrm-book';

it('counts years of 365 days', () => {
  expect(yearsOfSeconds(31_536_000)).toBe(1);
});

it('nets coins over contracts of different size', () => {
  const holdings = [
    { place: 2, multiplier: 0.1, price: 1 },
    { place: 0, multiplier: 1, price: 1 },
  ];
  expect(netCoins(holdings, [3, 99, -10])).toBe(2);
  expect(netCoins([], [1])).toBe(0);
});
