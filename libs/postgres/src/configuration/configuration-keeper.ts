import { basename } from 'node:path';
import {
  digestOf,
  type Configuration,
  type ConfigurationErrors,
  type ConfigurationFile,
  type ConfigurationInForce,
} from '@tillbridge/runtime';
import type { Logger } from 'pino';
import type { Database } from '../database/database.js';
import type { Transaction } from '../database/transaction.js';
import { readTaken, saveTaken } from './configuration-book.js';

/** From the configurations that the service's data was made by to the one it shall be made by. */
export interface ConfigurationStep {
  /** What the service had taken; undefined when another of its processes has taken `to` already. */
  readonly kept: Configuration | undefined;
  /** What this process worked by, where it is another one; its last figures may be made by it. */
  readonly own: Configuration | undefined;
  readonly to: Configuration;
}

/** A part of a service whose data depends on the configuration. */
export interface ConfigurationUser {
  /** Brings its data up to another configuration, in the transaction that keeps it as taken. */
  take?(tx: Transaction, step: ConfigurationStep): Promise<void>;
  /** The transaction did not commit: this one is in force as before. */
  keep?(configuration: Configuration): void;
  /** Another one is in force now. A failure is logged; it does not undo anything. */
  taken?(configuration: Configuration): Promise<void> | void;
}

export interface ConfigurationKeeperParts {
  readonly database: Database;
  readonly inForce: ConfigurationInForce;
  readonly file: ConfigurationFile;
  /** Of the file, for people. */
  readonly path: string;
  readonly now: () => Date;
  readonly logger: Logger;
}

/**
 * Takes over the merchant's file when it changes. A file with mistakes is refused and told, and the one
 * before stays in force. What depends on the configuration is brought up to it in one transaction with
 * the row that says which one was taken, so that a crash leaves the one or the other.
 */
export class ConfigurationKeeper {
  private readonly users: ConfigurationUser[] = [];
  /** What is to be taken; at first what the process has started with. */
  private next: Configuration | undefined;

  constructor(private readonly parts: ConfigurationKeeperParts) {
    this.next = parts.inForce.whole;
  }

  /** Has a part of the service take each configuration with the service. */
  add(user: ConfigurationUser): void {
    this.users.push(user);
  }

  /** Takes over what was changed. Called again and again; what fails is tried by the next call. */
  async look(): Promise<void> {
    const found = await this.parts.file.look();
    if (found?.errors !== undefined) await this.refuse(found.errors);
    if (found?.configuration !== undefined) this.next = found.configuration;
    if (this.next === undefined) return;
    await this.take(this.next);
    this.next = undefined;
  }

  private async take(next: Configuration): Promise<void> {
    const { database, inForce, logger, now } = this.parts;
    const own = inForce.whole;
    try {
      const told = await database.inTransaction(async (tx) => {
        const held = await readTaken(tx);
        await tx.clear([{ code: 'configuration-invalid', subject: this.subject }]);
        const digest = digestOf(next);
        const kept = held?.digest === digest ? undefined : held?.configuration;
        const step = { kept, own: digestOf(own) === digest ? undefined : own, to: next };
        if (step.kept !== undefined || step.own !== undefined) {
          for (const user of this.users) await user.take?.(tx, step);
        }
        return saveTaken(tx, held, { own, next }, now());
      });
      if (told !== undefined)
        logger.info({ changes: told.changes }, 'another configuration is taken');
    } catch (error) {
      for (const user of this.users) user.keep?.(own);
      throw error;
    }
    inForce.take(next);
    for (const user of this.users) await user.taken?.(next);
  }

  private async refuse({ mistakes, message }: ConfigurationErrors): Promise<void> {
    const { database, logger } = this.parts;
    logger.error({ mistakes }, 'the changed configuration is refused');
    const key = { code: 'configuration-invalid' as const, subject: this.subject };
    await database.inTransaction(async (tx) => {
      // Other mistakes than before are told anew.
      await tx.clear([key]);
      await tx.raise([{ ...key, cause: message.slice(0, LONGEST_CAUSE) }]);
    });
  }

  private get subject(): string {
    return basename(this.parts.path);
  }
}

const LONGEST_CAUSE = 2_000;
