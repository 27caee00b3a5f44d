import { VerifyHistory } from '@ballast/use-cases';
import { databaseCommand } from '../database-module';
import { VerifyHistoryCommand } from './verify-history.command';

const base = databaseCommand(VerifyHistoryCommand);

/** `ballast verify-history` with the use case it needs. */
export const verifyHistoryCommandModule = { ...base, providers: [VerifyHistory, ...(base.providers ?? [])] };
