import { UseCaseError } from './use-case-error';

/** What a caller may be; a token can carry several. */
export const roles = ['broker', 'risk', 'back-office', 'admin'] as const;
export type Role = (typeof roles)[number];

/** Who asks, as verified from a token (API) or stated by the operating system's user (command line). */
export interface Principal {
  /** The person or program behind the request, written into every record it causes. */
  readonly subject: string;
  /** The one firm whose data the caller sees. */
  readonly firmId: string;
  readonly roles: readonly Role[];
  /** Identifiers of the only accounts the caller sees; all accounts of the firm when absent. */
  readonly accountIds?: readonly string[];
}

/** Something a caller wants to do. */
export type Permission =
  | 'read-accounts'
  | 'read-reference'
  | 'read-firm'
  | 'price'
  | 'analyse'
  | 'publish-snapshots'
  | 'start-run'
  | 'release-requirements'
  | 'propose-parameters'
  | 'decide-parameters'
  | 'set-controls'
  | 'set-policy'
  | 'record-holdings'
  | 'manage-margin-calls'
  | 'record-payments'
  | 'reconcile';

/** Who may do what: contract, roles table. Admin may do everything. */
const rolesByPermission: Readonly<Record<Permission, readonly Role[]>> = {
  'read-accounts': ['broker', 'risk', 'back-office'],
  'read-reference': ['broker', 'risk', 'back-office'],
  'read-firm': ['risk', 'back-office'],
  price: ['broker', 'risk'],
  analyse: ['broker', 'risk'],
  'publish-snapshots': ['risk'],
  'start-run': ['risk'],
  'release-requirements': ['risk'],
  'propose-parameters': ['risk'],
  'decide-parameters': ['risk'],
  'set-controls': ['risk'],
  'set-policy': ['risk'],
  'record-holdings': ['back-office'],
  'manage-margin-calls': ['risk'],
  'record-payments': ['back-office'],
  reconcile: ['back-office'],
};

/** Tells whether one of the caller's roles carries the permission. */
export function isPermitted(principal: Principal, permission: Permission): boolean {
  return principal.roles.some((role) => role === 'admin' || rolesByPermission[permission].includes(role));
}

/** @throws UseCaseError 'FORBIDDEN' when no role of the caller carries the permission */
export function requirePermission(principal: Principal, permission: Permission): void {
  if (isPermitted(principal, permission)) return;
  const held = principal.roles.length === 0 ? 'no role' : principal.roles.join(', ');
  throw new UseCaseError('FORBIDDEN', `not permitted: ${permission} (the token carries ${held})`);
}
