/** A guard of the code, the code without it, and the test that must notice. */
export interface PlantedBug {
  readonly guard: string;
  /** What goes wrong without the guard. */
  readonly without: string;
  /** From the root of the workspace. */
  readonly file: string;
  /** Is in the file exactly once. */
  readonly find: string;
  readonly replacement: string;
  /** From the root of the workspace. */
  readonly spec: string;
  /** With the title of the `describe` around it. */
  readonly test: string;
}
