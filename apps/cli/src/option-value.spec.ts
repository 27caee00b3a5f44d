import { InvalidArgumentError } from 'commander';
import { ImportCommand } from './import/import.command';
import { parsedValue, singleValue } from './option-value';
import { TokenCommand } from './token/token.command';

/** The readers of options use nothing of the command but themselves. */
const importCommand = Object.create(ImportCommand.prototype) as ImportCommand;
const tokenCommand = Object.create(TokenCommand.prototype) as TokenCommand;

describe('values of options', () => {
  it('are given once and are not empty', () => {
    expect(singleValue('a', undefined)).toBe('a');
    expect(() => singleValue('', undefined)).toThrow(new InvalidArgumentError('The value is empty.'));
    expect(() => singleValue('b', 'a')).toThrow('given twice');
    expect(() => parsedValue('1', 0, Number)).toThrow('given twice');
  });

  it.each<[string, () => unknown, string]>([
    ['--expect-rows', () => importCommand.expectRows('-1', undefined), 'Expected a number of rows'],
    ['--mode', () => importCommand.mode('add', undefined), 'Expected replace or merge'],
    ['--format', () => importCommand.format('excel', undefined), 'Expected quotes, underlyings'],
    ['--as-of', () => importCommand.asOf('yesterday', undefined), '--as-of: expected an instant'],
    ['--valid-from', () => importCommand.validFrom('2026-01-05', undefined), '--valid-from: expected an instant'],
    ['--rate', () => importCommand.rate('5%', undefined), 'expected a number'],
    ['--firm', () => importCommand.firm('=1+1', undefined), 'expected letters, digits'],
    ['--roles', () => tokenCommand.roles('risk,king', undefined), 'Unknown role "king"'],
    ['--hours', () => tokenCommand.hours('0', undefined), 'Expected 1 to 9999 hours'],
    ['--accounts', () => tokenCommand.accountCodes('A1, A2', undefined), 'white space'],
  ])('of %s are checked', (_, read, message) => {
    expect(read).toThrow(InvalidArgumentError);
    expect(read).toThrow(message);
  });

  it('are read', () => {
    expect(importCommand.mode('merge', undefined)).toBe('MERGE');
    expect(importCommand.expectRows('1286', undefined)).toBe(1286);
    expect(tokenCommand.roles('risk,broker', undefined)).toEqual(['risk', 'broker']);
  });
});
