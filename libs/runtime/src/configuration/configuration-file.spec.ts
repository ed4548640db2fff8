import { cp, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationFile, type FoundConfiguration } from './configuration-file.js';

const EXAMPLE = new URL('../../../../tillbridge.example.yaml', import.meta.url).pathname;
const SECRETS = {
  SPARKLAYER_SITE_ID: 'site',
  SPARKLAYER_CLIENT_ID: 'client',
  SPARKLAYER_CLIENT_SECRET: 'hush-1',
  SHOPIFY_ACCESS_TOKEN: 'hush-2',
  SHOPIFY_CLIENT_SECRET: 'hush-3',
  SQUARE_ACCESS_TOKEN: 'hush-4',
  SQUARE_SIGNATURE_KEY: 'hush-5',
};

let folder: string;
let path: string;
let file: ConfigurationFile;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tillbridge-file-'));
  path = join(folder, 'tillbridge.yaml');
  await cp(EXAMPLE, path);
  file = new ConfigurationFile(path, SECRETS);
  await twoLooks();
});
afterEach(() => rm(folder, { recursive: true }));

/** What is written is read when two looks see the same. */
async function twoLooks(): Promise<FoundConfiguration | undefined> {
  expect(await file.look()).toBeUndefined();
  return file.look();
}

describe('the merchant’s file', () => {
  it('is read once, as long as nobody changes it', async () => {
    expect(await file.look()).toBeUndefined();
    expect(await file.look()).toBeUndefined();
  });

  it('is read when it was put in the place of another', async () => {
    const other = join(folder, 'other.yaml');
    await cp(EXAMPLE, other);
    await rename(other, path);
    expect((await twoLooks())?.configuration?.currency).toBe('GBP');
  });

  it('is read when a link above it was turned, as Kubernetes does', async () => {
    for (const name of ['one', 'two']) {
      await mkdir(join(folder, name));
      await cp(EXAMPLE, join(folder, name, 'tillbridge.yaml'));
    }
    await symlink('one', join(folder, 'data'));
    file = new ConfigurationFile(join(folder, 'data', 'tillbridge.yaml'), SECRETS);
    expect((await twoLooks())?.configuration).toBeDefined();
    await symlink('two', join(folder, 'next'));
    await rename(join(folder, 'next'), join(folder, 'data'));
    expect((await twoLooks())?.configuration).toBeDefined();
    expect(await file.look()).toBeUndefined();
  });

  it('is not read while it is being written', async () => {
    await writeFile(path, 'currency: GBP\n');
    expect(await file.look()).toBeUndefined();
    await writeFile(path, 'currency: GBP\nconnections: []\n');
    expect(await file.look()).toBeUndefined();
    expect((await file.look())?.errors?.mistakes.length).toBeGreaterThan(1);
  });

  it('with mistakes, or gone, is told with what is wrong, once', async () => {
    await writeFile(path, 'currency: pounds\n');
    const found = await twoLooks();
    expect(found?.errors?.mistakes.map((each) => each.path)).toContain('currency');
    expect(await file.look()).toBeUndefined();
    await rm(path);
    expect((await twoLooks())?.errors?.mistakes).toMatchObject([{ path: '(file)' }]);
  });

  it('is read again when somebody asks for it', async () => {
    file.readAnew();
    expect((await file.look())?.configuration).toBeDefined();
  });
});
