import { existsSync } from 'node:fs';
import { identifierCell } from '@ballast/formats';
import { AccountStore, FirmStore, persistenceOptionsFromEnv } from '@ballast/persistence';
import { type Role, roles } from '@ballast/use-cases';
import { Command, Option } from 'nest-commander';
import { openSigningKey } from '../../../api/src/authentication/signing-key';
import { signLocalToken } from '../../../api/src/authentication/token';
import { BallastCommand } from '../command-base';
import { CommandFailure, exitCodes } from '../exit-code';
import { chooseFirm, operatorName } from '../firm-choice';
import { parsedValue } from '../option-value';
import { printJson, printText } from '../print';

interface TokenOptions {
  readonly firm?: string;
  readonly roles: readonly Role[];
  readonly accounts?: readonly string[];
  readonly hours?: number;
  readonly json?: boolean;
}

const defaultHours = 24;

/** `ballast token`: a bearer token signed by the key of this installation. */
@Command({
  name: 'token',
  description: 'Signs a bearer token with the key of this installation (evaluation and single desks).',
})
export class TokenCommand extends BallastCommand {
  constructor(
    private readonly firms: FirmStore,
    private readonly accounts: AccountStore,
  ) {
    super();
  }

  override async run(_words: string[], options: TokenOptions): Promise<void> {
    const { dataDir } = persistenceOptionsFromEnv(process.env);
    if (!existsSync(dataDir)) {
      throw new CommandFailure(exitCodes.configuration, `DATA_DIR: ${dataDir} does not exist; start the service once`);
    }
    const firm = await chooseFirm(this.firms, options.firm);
    const accountIds = options.accounts === undefined ? undefined : await this.accountIds(firm.id, options.accounts);
    const principal = {
      subject: operatorName(),
      firmId: firm.id,
      roles: options.roles,
      ...(accountIds === undefined ? {} : { accountIds }),
    };
    const hours = options.hours ?? defaultHours;
    const token = await signLocalToken(openSigningKey(dataDir), principal, hours);
    if (options.json === true) await printJson({ firm: firm.code, roles: options.roles, hours, token });
    else await printText(`${token}\n`);
  }

  private async accountIds(firmId: string, codes: readonly string[]): Promise<string[]> {
    const found = await this.accounts.findByCodes({ firmId }, codes);
    return codes.map((code) => {
      const account = found.get(code);
      if (account === undefined) throw new CommandFailure(exitCodes.dataRejected, `--accounts: no account ${code}`);
      return account.id;
    });
  }

  @Option({ flags: '--firm <code>', description: 'firm the token is for; needed where several exist' })
  firm(value: string, previous: unknown): string {
    return parsedValue(value, previous, identifierCell);
  }

  @Option({ flags: '--roles <roles>', required: true, description: `comma separated: ${roles.join(', ')}` })
  roles(value: string, previous: unknown): readonly Role[] {
    return parsedValue(value, previous, (text) =>
      text.split(',').map((word) => {
        const role = roles.find((known) => known === word);
        if (role === undefined) throw new Error(`Unknown role ${JSON.stringify(word)}; expected ${roles.join(', ')}.`);
        return role;
      }),
    );
  }

  @Option({ flags: '--accounts <codes>', description: 'comma separated codes of the only accounts the token shows' })
  accountCodes(value: string, previous: unknown): readonly string[] {
    return parsedValue(value, previous, (text) => text.split(',').map(identifierCell));
  }

  @Option({ flags: '--hours <hours>', description: `how long it is good; default ${defaultHours}` })
  hours(value: string, previous: unknown): number {
    return parsedValue(value, previous, (text) => {
      if (!/^[1-9]\d{0,3}$/.test(text)) throw new Error('Expected 1 to 9999 hours.');
      return Number(text);
    });
  }

  @Option({ flags: '--json', description: 'the token with what it says, as JSON' })
  json(): boolean {
    return true;
  }
}
