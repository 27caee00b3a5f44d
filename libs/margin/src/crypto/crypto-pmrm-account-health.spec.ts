import { asOf } from '../../../../test/support/portfolio-builder';
import { plainPmrmOverrides, pmrmBook } from '../../../../test/support/pmrm-book';
import { computePmrmAccountHealth } from './crypto-pmrm-account-health';
import { computePmrmHealth } from './crypto-pmrm-health';
import { parsePmrmParameters } from './parse-pmrm-parameters';

it('adds up books and collateral', () => {
  const parameters = parsePmrmParameters(plainPmrmOverrides, asOf);
  const collateral = [{ asset: 'USDT', value: 1000, imHaircut: 0.01, mmHaircut: 0.02, confidence: 0.5 }];
  const books = [pmrmBook(), pmrmBook({ underlying: 'ETH' })];
  const health = computePmrmAccountHealth({ currency: 'USD', books, collateral, cash: 5 }, [-3, 0, 0], parameters);
  const one = computePmrmHealth(pmrmBook(), [-3, 0, 0], parameters);
  expect(health.markToMarket).toBeCloseTo(1000 + 2 * one.markToMarket, 12);
  expect(health.maintenanceCharge).toBeCloseTo(20 + 2 * one.maintenanceCharge, 12);
  expect(health.initialCharge).toBeCloseTo(20 + 10 + 500 + 2 * one.initialCharge, 12);
});
