import type { Firm } from '@ballast/persistence';
import type { SigningKey } from './authentication/signing-key';
import { signLocalToken } from './authentication/token';

/** Hours for which the printed token is good. */
const tokenHours = 7 * 24;

const firstQuery = `{ accounts(first: 5) { edges { node { code name requirement { asOf status
  equity { amount currency } maintenance { amount } buffer { amount } worstScenario { label loss } } } } } }`.replace(
  /\s+/g,
  ' ',
);

/** Prints that the service is ready, where it is, and for an installation with its own key how to ask it something. */
export async function announce(input: {
  readonly url: string;
  readonly key: SigningKey | null;
  readonly firms: readonly Pick<Firm, 'id' | 'code' | 'name'>[];
  readonly print: (text: string) => void;
}): Promise<void> {
  const { url, key, firms, print } = input;
  const [firm] = firms;
  print(`READY ${url} (${process.uptime().toFixed(1)} s after the start of the process)`);
  if (firm === undefined)
    print('\nNo firm yet: `ballast demo` loads three, `ballast import accounts FILE` adds your own.');
  if (key === null || firm === undefined) {
    print(`\n  GraphQL   ${url}/graphql      bearer tokens of your identity provider`);
    print(`  GraphiQL  ${url}/graphiql`);
    return;
  }
  const principal = { subject: 'desk', firmId: firm.id, roles: ['risk'] } as const;
  const token = await signLocalToken(key, principal, tokenHours);
  const others = firms.slice(1).map(({ code }) => code);
  print(`
  GraphiQL  ${url}/graphiql#token=${token}

  Ask it (role risk at ${firm.code}, ${firm.name}; the token is good for ${tokenHours / 24} days):

curl -s ${url}/graphql -H 'content-type: application/json' -H 'authorization: Bearer ${token}' \\
  -d '${JSON.stringify({ query: firstQuery })}'

  Look at: accounts come with the one nearest to trouble first; its requirement names the worst scenario, breakdown
  explains it line by line, and bufferHistory shows how it got there.${
    others.length === 0
      ? ''
      : `\n  Other firms: ${others.join(', ')} (npm run -s ballast -- token --firm CODE --roles risk)`
  }`);
}
