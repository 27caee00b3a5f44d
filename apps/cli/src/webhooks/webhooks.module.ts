import { databaseCommand } from '../database-module';
import { WebhooksCommand } from './webhooks.command';

/** `ballast webhooks` with what it needs. */
export const webhooksCommandModule = databaseCommand(WebhooksCommand);
