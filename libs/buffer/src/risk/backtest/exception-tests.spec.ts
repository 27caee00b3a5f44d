import {
  independenceStatistic,
  kupiecStatistic,
  testExceptions,
  trafficLight,
  transitionCounts,
} from './exception-tests';
import { binomialCumulative } from '../statistics/order-statistic-interval';

describe('closed forms', () => {
  it('of Kupiec: 5.0252 for 0 and 7.7336 for 8 of 250', () => {
    const at = (exceptions: number) => kupiecStatistic({ observations: 250, exceptions, probability: 0.01 });
    expect(at(0)).toBeCloseTo(5.0252, 4);
    expect(at(8)).toBeCloseTo(7.7336, 4);
  });

  it('rejects 0 and 7 or more of 250, size 0.0948, power against 3 % 0.625', () => {
    const rejected = Array.from({ length: 251 }, (_, exceptions) => exceptions).filter(
      (exceptions) => kupiecStatistic({ observations: 250, exceptions, probability: 0.01 }) > 3.841458820694124,
    );
    expect(rejected.slice(0, 2)).toEqual([0, 7]);
    const mass = (probability: number) => {
      const cumulative = binomialCumulative(250, probability);
      return (cumulative[0] as number) + 1 - (cumulative[6] as number);
    };
    expect(mass(0.01)).toBeCloseTo(0.0948, 4);
    expect(mass(0.03)).toBeCloseTo(0.625, 3);
  });

  it('of Christoffersen: 240, 4, 4, 2 gives 8.152, together with coverage 11.679', () => {
    const independence = independenceStatistic({ n00: 240, n01: 4, n10: 4, n11: 2 });
    // 250 transitions are 251 days
    const coverage = kupiecStatistic({ observations: 251, exceptions: 6, probability: 0.01 });
    expect(independence).toBeCloseTo(8.152, 3);
    expect(coverage).toBeCloseTo(3.527, 3);
    expect(independence + coverage).toBeCloseTo(11.679, 3);
  });

  it('of the traffic light: green to 4, yellow to 9, red from 10 of 250', () => {
    const lights = [4, 5, 9, 10].map((exceptions) =>
      trafficLight({ observations: 250, exceptions, probability: 0.01 }),
    );
    expect(lights).toEqual(['GREEN', 'YELLOW', 'YELLOW', 'RED']);
  });
});

describe('testExceptions', () => {
  it('counts transitions and turns statistics into p-values', () => {
    expect(transitionCounts([1, 1, 0, 0, 1])).toEqual({ n00: 1, n01: 1, n10: 1, n11: 1 });
    const found = testExceptions([...Array.from({ length: 247 }, () => 0), 1, 0, 1], 0.01);
    expect(found.exceptions).toBe(2);
    expect(found.coverage).toBeCloseTo(0.992, 12);
    expect(found.unconditionalP).toBeGreaterThan(0.5);
  });

  it('rejects exceptions that come in clusters though there are not too many', () => {
    const days = Array.from({ length: 2500 }, (_, day) => day % 500 >= 100 && day % 500 < 105);
    const found = testExceptions(days, 0.01);
    expect(found.unconditionalP).toBeGreaterThan(0.05);
    expect(found.independenceP).toBeLessThan(0.001);
    expect(found.conditionalP).toBeLessThan(0.001);
  });
});
