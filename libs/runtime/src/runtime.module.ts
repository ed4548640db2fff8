import { Module, type DynamicModule } from '@nestjs/common';
import type { ServiceName } from '@tillbridge/contracts';
import { loadConfiguration } from './configuration/load-configuration.js';
import { Clock } from './lifecycle/clock.js';
import { createLogger, LOGGER } from './lifecycle/logger.js';
import { Timers } from './lifecycle/timers.js';
import { readSettings, Settings } from './settings/settings.js';
import { Readiness } from './status/readiness.js';
import { StatusBook } from './status/status-book.js';

/** Injection token of the merchant's `Configuration`. */
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
        provide: CONFIGURATION,
        inject: [Settings],
        useFactory: (settings: Settings) => loadConfiguration(settings.configPath, process.env),
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
