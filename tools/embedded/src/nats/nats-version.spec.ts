import { isAtLeast, versionIn } from './nats-version.js';

it.each([
  ['2.14.2', true],
  ['v2.14.2', true],
  ['2.15.0', true],
  ['3.0.0', true],
  ['2.14.10', true],
  ['2.14.1', false],
  ['2.9.10', false],
  ['1.99.99', false],
  ['2.14.2-RC.1', false],
  ['2.15.0-beta.1', true],
  ['nonsense', false],
])('%s is at least 2.14.2: %s', (version, expected) => {
  expect(isAtLeast(version, '2.14.2')).toBe(expected);
});

it('reads the version out of what the program prints', () => {
  expect(versionIn('nats-server: v2.15.1\n')).toBe('2.15.1');
  expect(versionIn('nats-server: v2.14.2-RC.3')).toBe('2.14.2-RC.3');
  expect(versionIn('segmentation fault')).toBeUndefined();
});
