import { asOf } from '../../../../test/support/portfolio-builder';
import { parseTimsParameters } from './parse-tims-parameters';
import { timsMoves, timsTestMoves } from './tims-moves';

it('takes five equal steps on each side, zero excluded, ascending', () => {
  const moves = timsMoves([-0.15, 0.15], 10);
  [-0.15, -0.12, -0.09, -0.06, -0.03, 0.03, 0.06, 0.09, 0.12, 0.15].forEach((move, index) =>
    expect(moves[index]).toBeCloseTo(move, 15),
  );
  expect(moves).toHaveLength(10);
});

it('steps each side of an uneven range by its own fifth', () => {
  expect(timsMoves([-0.08, 0.06], 4)).toEqual([-0.08, -0.04, 0.03, 0.06]);
});

it('lists extreme, wide and narrow moves for the tests', () => {
  expect(timsTestMoves(parseTimsParameters({ extremeMove: 0.4 }, asOf))).toEqual([-0.4, 0.4, -0.3, 0.3, -0.05, 0.05]);
});
