/** One thing to put right in the configuration file. */
export interface Mistake {
  /** `locations[1].feeds[0].connection` */
  readonly path: string;
  /** What would be right. Never holds a value from the environment. */
  readonly message: string;
}

/** Every mistake of the file at once. */
export class ConfigurationErrors extends Error {
  override readonly name = 'ConfigurationErrors';

  constructor(
    readonly file: string,
    readonly mistakes: readonly Mistake[],
    options?: ErrorOptions,
  ) {
    super(
      [`${file} is not right:`]
        .concat(mistakes.map((each) => `  ${each.path}: ${each.message}`))
        .join('\n'),
      options,
    );
  }
}
