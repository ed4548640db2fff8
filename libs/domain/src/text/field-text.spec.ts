import fc from 'fast-check';
import { looksLikeCardNumber, toFieldText } from './field-text.js';

/** As Lightspeed's text fields are: what looks like a card's number is blacked out. */
const REDACTING = { length: 255, redactsCardNumbers: true };
const PLAIN = { length: 255, redactsCardNumbers: false };

describe('a PO number that looks like the number of a card', () => {
  it.each(['4111111111111111', '4111 1111 1111 1111', '4111-1111-1111-1111', '378282246310005'])(
    '%s is written in groups where the vendor would black it out',
    (number) => {
      const written = toFieldText(`PO ${number}`, REDACTING);
      expect(looksLikeCardNumber(written)).toBe(false);
      expect(written.replaceAll(/\D/g, '')).toBe(number.replaceAll(/\D/g, ''));
    },
  );

  it('stays as it is where the vendor leaves it alone', () => {
    expect(toFieldText('4111111111111111', PLAIN)).toBe('4111111111111111');
  });

  it('is found inside a longer number too', () => {
    expect(looksLikeCardNumber('004111111111111111')).toBe(true);
  });

  it('is not any long number: one digit less, or one that does not check, stays', () => {
    expect(toFieldText('8821345000170', REDACTING)).toBe('8821345000170');
    expect(toFieldText('PO 882134500017', REDACTING)).toBe('PO 882134500017');
  });
});

it('no text that was mapped for a redacting vendor has a card number, and no digit is lost', () => {
  const text = fc
    .array(fc.constantFrom(...'0123456789 -aP'), { maxLength: 60 })
    .map((characters) => characters.join(''));
  fc.assert(
    fc.property(text, (given) => {
      const written = toFieldText(given, REDACTING);
      expect(looksLikeCardNumber(written)).toBe(false);
      expect(written.replaceAll(/\D/g, '')).toBe(given.replaceAll(/\D/g, ''));
    }),
    { numRuns: 300 },
  );
});

it('a text above the length is cut and says so, without half a character', () => {
  expect(toFieldText('abcdef', { ...PLAIN, length: 4 })).toBe('abc…');
  expect(toFieldText('ab😀cd', { ...PLAIN, length: 4 })).toBe('ab…');
  expect(toFieldText('abcd', { ...PLAIN, length: 4 })).toBe('abcd');
});
