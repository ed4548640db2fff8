import { readFileSync } from 'node:fs';
import { readSettings, SettingsErrors, VARIABLES } from './settings.js';

const ENV = { DATABASE_URL: 'postgres://a:hush@localhost/orders', NATS_URL: 'nats://localhost' };

describe('settings', () => {
  it('come from the environment, with defaults for the rest', () => {
    const settings = readSettings({ ...ENV, HTTP_PORT: '8080', TILLBRIDGE_TIME_SCALE: '60' });
    expect(settings).toMatchObject({
      databaseUrl: ENV.DATABASE_URL,
      httpPort: 8080,
      timeScale: 60,
      profile: 'development',
      configPath: 'tillbridge.yaml',
    });
    expect(settings.hostedConnections).toBeUndefined();
  });

  it('take a list of hosted connections', () => {
    const settings = readSettings({ ...ENV, TILLBRIDGE_CONNECTIONS: 'shop, tills' });
    expect(settings.hostedConnections).toEqual(['shop', 'tills']);
  });

  it('name all that is wrong at once, by variable and without its value', () => {
    const wrong = () =>
      readSettings({ DATABASE_URL: 'mysql://a:hush@localhost', HTTP_PORT: 'web', NATS_URL: '' });
    expect(wrong).toThrow(SettingsErrors);
    expect(wrong).toThrow(/DATABASE_URL[^]*NATS_URL[^]*HTTP_PORT/);
    expect(wrong).not.toThrow(/hush/);
  });

  it('are all in the page of those who run the services, and no others', () => {
    const page = readFileSync(new URL('../../../../docs/deployment.md', import.meta.url), 'utf8');
    const named = [...page.matchAll(/^\| `([A-Z_]+)` /gm)].map(([, variable]) => variable);
    expect(named).toEqual(Object.values(VARIABLES));
  });
});
