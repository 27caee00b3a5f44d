import { alignColumns } from './print';

it('sets rows in columns, figures to the right', () => {
  const rows = [
    ['Greeks', 'delta'],
    ['A', '-12.5'],
    ['LONG NAME', '3'],
  ];
  expect(alignColumns(rows, [1])).toBe('Greeks     delta\nA          -12.5\nLONG NAME      3\n');
  expect(alignColumns([['a', 'b', '']])).toBe('a  b\n');
});
