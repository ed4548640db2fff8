import { readdir } from 'node:fs/promises';

/** The migration classes of a folder, in order: all there are, whether a list names them or not. */
export async function migrationsIn<T>(folder: URL): Promise<T[]> {
  const files = (await readdir(folder)).filter((name) => /^\d+-.*\.ts$/.test(name)).sort();
  const modules = await Promise.all(files.map((name) => import(new URL(name, folder).href)));
  return modules.flatMap((module: object) => Object.values(module) as T[]);
}
