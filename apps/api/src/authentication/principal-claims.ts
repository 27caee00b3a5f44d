import { type Principal, roles, type Role } from '@ballast/use-cases';
import { z } from 'zod';

const claims = z.object({
  sub: z.string().min(1).max(200),
  firm_id: z.uuid(),
  roles: z.array(z.string().max(64)).max(32),
  accounts: z.array(z.uuid()).max(10_000).optional(),
});

/**
 * Reads who asks from the claims of a verified token: `sub`, `firm_id` (the tenant), `roles`, and optionally `accounts`,
 * the identifiers of the only accounts the token shows. Roles this service does not know are left out.
 *
 * @returns null when a claim is missing or has another form
 */
export function principalFromClaims(payload: unknown): Principal | null {
  const parsed = claims.safeParse(payload);
  if (!parsed.success) return null;
  const { sub, firm_id: firmId, accounts } = parsed.data;
  return {
    subject: sub,
    firmId: firmId.toLowerCase(),
    roles: parsed.data.roles.filter((role): role is Role => (roles as readonly string[]).includes(role)),
    ...(accounts === undefined ? {} : { accountIds: accounts.map((id) => id.toLowerCase()) }),
  };
}
