import { Module, type DynamicModule } from '@nestjs/common';
import type { ServiceName } from '@tillbridge/contracts';
import { ConfigurationFile } from './configuration/configuration-file.js';
import { ConfigurationInForce } from './configuration/configuration-in-force.js';
import { loadConfiguration } from './configuration/load-configuration.js';
import { Clock } from './lifecycle/clock.js';
import { createLogger, LOGGER } from './lifecycle/logger.js';
import { Timers } from './lifecycle/timers.js';
import { readSettings, Settings } from './settings/settings.js';
import { Readiness } from './status/readiness.js';
import { StatusBook } from './status/status-book.js';

/** Injection token of the merchant's `Configuration`, which shows what is in force when it is read. */
export const CONFIGURATION = Symbol('CONFIGURATION');

/** Injection token of this process's `ServiceName`. */
export const SERVICE = Symbol('SERVICE');

/** What every service needs before it can do anything. Global. */
@Module({})
export class RuntimeModule {
  static forService(service: ServiceName): DynamicModule {
    const provided = [
      { provide: SERVICE, useValue: service },
      { provide: Settings, useFactory: () => readSettings(process.env) },
      {
        provide: ConfigurationInForce,
        inject: [Settings],
        useFactory: async (settings: Settings) =>
          new ConfigurationInForce(await loadConfiguration(settings.configPath, process.env)),
      },
      {
        provide: ConfigurationFile,
        inject: [Settings],
        useFactory: ({ configPath }: Settings) => new ConfigurationFile(configPath, process.env),
      },
      {
        provide: CONFIGURATION,
        inject: [ConfigurationInForce],
        useFactory: ({ view }: ConfigurationInForce) => view,
      },
      {
        provide: LOGGER,
        inject: [Settings],
        useFactory: (settings: Settings) => createLogger(service, settings.logLevel),
      },
      Clock,
      Timers,
      StatusBook,
      Readiness,
    ];
    return { module: RuntimeModule, global: true, providers: provided, exports: provided };
  }
}
