import { isPermitted, type Permission, type Principal, requirePermission, type Role } from './principal';
import { UseCaseError } from './use-case-error';

const withRoles = (...roles: Role[]): Principal => ({ subject: 'ada', firmId: 'firm', roles });

describe('requirePermission', () => {
  const matrix: readonly [Permission, Record<Role, boolean>][] = [
    ['read-accounts', { broker: true, risk: true, 'back-office': true, admin: true }],
    ['read-reference', { broker: true, risk: true, 'back-office': true, admin: true }],
    ['read-firm', { broker: false, risk: true, 'back-office': true, admin: true }],
    ['price', { broker: true, risk: true, 'back-office': false, admin: true }],
    ['start-run', { broker: false, risk: true, 'back-office': false, admin: true }],
  ];

  it.each(matrix)('grants %s exactly as the table of roles says', (permission, expected) => {
    for (const [role, allowed] of Object.entries(expected) as [Role, boolean][]) {
      expect([role, isPermitted(withRoles(role), permission)]).toEqual([role, allowed]);
    }
  });

  it('refuses a caller without a role, and names what was wanted', () => {
    expect(() => requirePermission(withRoles(), 'read-accounts')).toThrow(
      new UseCaseError('FORBIDDEN', 'not permitted: read-accounts (the token carries no role)'),
    );
  });

  it('adds the permissions of several roles', () => {
    expect(isPermitted(withRoles('broker', 'back-office'), 'read-firm')).toBe(true);
    expect(isPermitted(withRoles('broker', 'back-office'), 'start-run')).toBe(false);
  });
});
