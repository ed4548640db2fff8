import 'reflect-metadata';
import { plainToInstance, Transform, Type } from 'class-transformer';
import {
  IsArray,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  Matches,
  Max,
  Min,
  validateSync,
} from 'class-validator';

/** What a process is told by its environment. Everything about the merchant is in the file. */
export class Settings {
  @Matches(/^postgres(ql)?:\/\//, { message: 'is a postgres:// URL' })
  readonly databaseUrl!: string;
  /** Connections this process holds to Postgres at most. */
  @Type(() => Number) @IsInt() @Min(1) @Max(100) readonly databasePool: number = 10;
  /** `check` refuses to start on a schema that is not this program's, instead of migrating it. */
  @IsIn(['apply', 'check']) readonly databaseMigrations: 'apply' | 'check' = 'apply';
  @Matches(/^(nats|tls):\/\//, { message: 'is a nats:// or tls:// URL' })
  readonly natsUrl!: string;
  @IsOptional() @IsString() readonly natsUser?: string;
  @IsOptional() @IsString() readonly natsPassword?: string;
  /** The monitoring port of every server; services in profile production read there how NATS syncs. */
  @IsOptional()
  @Transform(({ value }) => (typeof value === 'string' ? names(value) : value))
  @IsArray()
  @Matches(/^https?:\/\//, { each: true, message: 'lists http:// or https:// URLs, by commas' })
  readonly natsMonitoringUrls?: string[];
  /** 0 takes any free port. */
  @Type(() => Number) @IsInt() @Min(0) @Max(65_535) readonly httpPort: number = 0;
  /** After being told to stop, how long HTTP is answered on, so that balancers notice in time. */
  @Type(() => Number) @IsInt() @Min(0) @Max(60_000) readonly httpLingerMs: number = 0;
  @IsString() readonly configPath: string = 'tillbridge.yaml';
  /** The connections this connector hosts; all of them when left out. */
  @IsOptional()
  @Transform(({ value }) => (typeof value === 'string' ? names(value) : value))
  @IsArray()
  @Matches(/^[a-z][a-z0-9-]{0,39}$/, { each: true, message: 'lists connection ids, by commas' })
  readonly hostedConnections?: string[];
  @IsIn(['development', 'production']) readonly profile: 'development' | 'production' =
    'development';
  /** Vendor-side delays and retry waits are divided by it; only a trading day sets it. */
  @Type(() => Number) @IsNumber() @Min(1) @Max(3600) readonly timeScale: number = 1;
  @IsIn(['fatal', 'error', 'warn', 'info', 'debug']) readonly logLevel: string = 'info';
}

/** Which variable a setting comes from. */
export const VARIABLES: Readonly<Record<keyof Settings, string>> = {
  databaseUrl: 'DATABASE_URL',
  databasePool: 'DATABASE_POOL',
  databaseMigrations: 'DATABASE_MIGRATIONS',
  natsUrl: 'NATS_URL',
  natsUser: 'NATS_USER',
  natsPassword: 'NATS_PASSWORD',
  natsMonitoringUrls: 'NATS_MONITORING_URL',
  httpPort: 'HTTP_PORT',
  httpLingerMs: 'HTTP_LINGER_MS',
  configPath: 'TILLBRIDGE_CONFIG',
  hostedConnections: 'TILLBRIDGE_CONNECTIONS',
  profile: 'TILLBRIDGE_PROFILE',
  timeScale: 'TILLBRIDGE_TIME_SCALE',
  logLevel: 'TILLBRIDGE_LOG_LEVEL',
};

/** Names every wrong variable at once, never with its value: a URL holds a password. */
export class SettingsErrors extends Error {
  override readonly name = 'SettingsErrors';

  constructor(readonly mistakes: readonly { variable: string; message: string }[]) {
    super(
      ['The environment is not right:']
        .concat(mistakes.map((each) => `  ${each.variable}: ${each.message}`))
        .join('\n'),
    );
  }
}

/** @throws SettingsErrors naming all that is wrong. */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const plain = Object.fromEntries(
    Object.entries(VARIABLES).flatMap(([name, variable]) => {
      const value = env[variable];
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
  const settings = plainToInstance(Settings, plain, { exposeDefaultValues: true });
  const mistakes = validateSync(settings).map((error) => ({
    variable: VARIABLES[error.property as keyof Settings],
    message: Object.values(error.constraints ?? {})
      .map((text) => text.replace(`${error.property} `, ''))
      .join(', '),
  }));
  if (mistakes.length > 0) throw new SettingsErrors(mistakes);
  return settings;
}

function names(list: string): string[] {
  return list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
