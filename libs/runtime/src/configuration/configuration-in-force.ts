import type { Configuration } from './configuration.js';

/** The merchant's configuration as it was taken last; the file may be changed while the service runs. */
export class ConfigurationInForce {
  /** Shows the parts of whatever is in force now: read them where they are used, and keep none. */
  readonly view: Configuration;

  constructor(private current: Configuration) {
    this.view = new Proxy(Object.create(null) as Configuration, {
      get: (_, part) => Reflect.get(this.current, part) as unknown,
    });
  }

  /** The whole of it, which never changes: for work that has to see one state of it. */
  get whole(): Configuration {
    return this.current;
  }

  take(next: Configuration): void {
    this.current = next;
  }
}

/** Something worked out from a configuration; worked out anew when another one is in force. */
export function derivedFrom<T>(
  configuration: Configuration,
  make: (configuration: Configuration) => T,
): () => T {
  let last: { readonly from: unknown; readonly made: T } | undefined;
  return () => {
    // Every file that is read makes a list of its own.
    const { connections } = configuration;
    if (last?.from !== connections) last = { from: connections, made: make(configuration) };
    return last.made;
  };
}
