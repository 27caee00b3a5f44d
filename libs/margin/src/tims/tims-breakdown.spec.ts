import { asOf } from '../../../../test/support/portfolio-builder';
import { timsClass } from '../../../../test/support/tims-classes';
import { buildBreakdown } from '../margin-breakdown';
import { parseTimsParameters } from './parse-tims-parameters';
import { draftTimsBreakdown, draftTimsTests } from './tims-breakdown';
import { computeTimsRisk } from './tims-risk';

const up = timsClass('A', 0, [100, 50, -50, -100, 300, -300, 300, -300, 50, -50], 0);
const down = timsClass('B', 1, [-80, -40, 40, 80, -240, 240, -240, 240, -40, 40], 0);
const third = timsClass('C', 2, [10, 0, 0, 10, 30, 30, 30, 30, 5, 5]);
const parameters = parseTimsParameters({ productGroups: [{ id: 'g', members: ['A', 'B'], offset: 0.9 }] }, asOf);
const risk = computeTimsRisk([up, down, third], [1, 1, 2], parameters);
const nodes = buildBreakdown(
  [...draftTimsBreakdown(risk, [up, down, third], 'USD'), ...draftTimsTests(risk, parameters)],
  'USD',
);

it('explains a product group by its classes and the gains that do not count', () => {
  const of = (kind: string) => nodes.filter((node) => node.kind === kind).map(({ amount }) => amount.amount.toNumber());
  expect(of('product-group')).toEqual([28]);
  expect(of('class-group-loss')).toEqual([100, -80]);
  expect(of('offset-reduction')).toEqual([8]);
  expect(nodes.find(({ kind }) => kind === 'scan-risk')?.basis).toBe('worst of 4 points: point 1');
});

it('tops a class up to its minimum', () => {
  const topUp = nodes.find(({ kind }) => kind === 'minimum-top-up');
  expect(topUp?.amount.amount.toNumber()).toBe(75 - 20);
  expect(nodes.find(({ id }) => id === topUp?.parentId)).toMatchObject({ kind: 'class-group', label: 'C' });
});

it('shows the two tests beside the requirement', () => {
  const tests = nodes.filter(({ kind }) => kind.endsWith('-test'));
  expect(tests.map(({ kind, parentId }) => [kind, parentId])).toEqual([
    ['concentration-test', null],
    ['extreme-test', null],
  ]);
  expect(tests[0]?.basis).toBe('the 2 largest names ±30 %, the others ±5 %, no offsets');
});
