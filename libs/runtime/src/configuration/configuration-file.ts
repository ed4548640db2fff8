import { stat } from 'node:fs/promises';
import type { Configuration } from './configuration.js';
import { ConfigurationErrors } from './configuration-errors.js';
import type { Environment } from './environment-values.js';
import { loadConfiguration } from './load-configuration.js';

/** A file that was changed: right, or what is wrong with it. */
export type FoundConfiguration =
  | { readonly configuration: Configuration; readonly errors?: undefined }
  | { readonly configuration?: undefined; readonly errors: ConfigurationErrors };

/**
 * Notices that `tillbridge.yaml` was changed. It is looked at by its path each time, because a file is
 * often not written but put in the place of another: by editors, and by Kubernetes, which turns a link.
 */
export class ConfigurationFile {
  /** What of the file was read last, and what was seen of it last. */
  private read: string | undefined;
  private seen: string | undefined;

  constructor(
    private readonly path: string,
    private readonly env: Environment,
  ) {}

  /** The next look reads the file, changed or not. */
  readAnew(): void {
    this.read = undefined;
  }

  /** Undefined while it is as it was, or still being written: it is read when two looks see the same. */
  async look(): Promise<FoundConfiguration | undefined> {
    const now = await signatureOf(this.path);
    const settled = now === this.seen;
    this.seen = now;
    if (!settled || now === this.read) return undefined;
    this.read = now;
    try {
      return { configuration: await loadConfiguration(this.path, this.env) };
    } catch (error) {
      if (error instanceof ConfigurationErrors) return { errors: error };
      throw error;
    }
  }
}

async function signatureOf(path: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeNs } = await stat(path, { bigint: true });
    return [dev, ino, size, mtimeNs].join(' ');
  } catch {
    return 'it is not there';
  }
}
