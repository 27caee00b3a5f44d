import { MaintainHistory, VerifyHistory } from '@ballast/use-cases';
import { databaseCommand } from '../database-module';
import { MaintainCommand } from './maintain.command';

const base = databaseCommand(MaintainCommand);

/** `ballast maintain` with the use cases it needs. */
export const maintainCommandModule = {
  ...base,
  providers: [VerifyHistory, MaintainHistory, ...(base.providers ?? [])],
};
