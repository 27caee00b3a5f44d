import { DomainError } from '@ballast/domain';
import { FileRefusal } from '@ballast/formats';
import { PersistenceError } from '@ballast/persistence';
import { UseCaseError } from '@ballast/use-cases';
import { CommanderError } from 'commander';
import { CommandFailure, describeFailure, exitCodeOf } from './exit-code';

const configuration = Object.assign(new Error('PORT: expected a port'), { name: 'ConfigurationError', exitCode: 78 });

describe('exit codes', () => {
  it.each<[string, unknown, number]>([
    ['help', new CommanderError(0, 'commander.helpDisplayed', ''), 0],
    ['an unknown option', new CommanderError(1, 'commander.unknownOption', 'error'), 2],
    ['a stated code', new CommandFailure(5, 'held'), 5],
    ['a refused file', new FileRefusal([{ file: 'a.csv', reason: 'bad' }]), 3],
    ['a refused value', new DomainError('INVALID_DECIMAL', 'bad'), 3],
    ['something not found', new UseCaseError('NOT_FOUND', 'none'), 3],
    ['a service that is not there', new UseCaseError('UNAVAILABLE', 'gone'), 4],
    ['a database that is not there', new PersistenceError('UNAVAILABLE', 'gone'), 4],
    ['no database programs', new PersistenceError('POSTGRES_NOT_FOUND', 'none'), 4],
    ['an unsafe role', new PersistenceError('ROLE_UNSAFE', 'owner'), 78],
    ['a wrong setting', new PersistenceError('CONFIGURATION_INVALID', 'POOL_MAX'), 78],
    ['a wrong setting of the API', configuration, 78],
    ['a port in use', Object.assign(new Error('listen'), { code: 'EADDRINUSE' }), 4],
    ['a full disk', Object.assign(new Error('write'), { code: 'ENOSPC' }), 4],
    ['a bug', new TypeError('x is not a function'), 1],
    ['no error at all', 'text', 1],
  ])('maps %s', (_, error, expected) => {
    expect(exitCodeOf(error)).toBe(expected);
  });

  it('tells refusals by their message and bugs by their stack', () => {
    expect(describeFailure(new FileRefusal([{ file: 'a.csv', line: 2, reason: 'bad' }]))).toBe('a.csv:2: bad');
    expect(describeFailure(new TypeError('broken'))).toMatch(/^internal error: TypeError: broken\n +at /);
    expect(describeFailure(new CommanderError(1, 'commander.unknownOption', 'error'))).toBe('');
  });
});
