import { mirrorIn } from './nats-debian.js';

describe('the mirror a machine takes Debian from', () => {
  it('is read from a list of either form', () => {
    expect(mirrorIn('# a comment\ndeb http://mirror.example/debian bookworm main')).toBe(
      'http://mirror.example/debian',
    );
    expect(
      mirrorIn('deb [arch=amd64 signed-by=/k.gpg] https://m.example/debian/ stable main'),
    ).toBe('https://m.example/debian/');
    expect(mirrorIn('Types: deb\nURIs: http://m.example/debian\nSuites: bookworm')).toBe(
      'http://m.example/debian',
    );
  });

  it('is not the security archive, a comment, or somebody else', () => {
    expect(mirrorIn('URIs: http://deb.debian.org/debian-security')).toBeUndefined();
    expect(mirrorIn('# deb http://mirror.example/debian bookworm main')).toBeUndefined();
    expect(mirrorIn('deb https://packages.example.com/node nodistro main')).toBeUndefined();
  });
});
