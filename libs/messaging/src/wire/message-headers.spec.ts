import fc from 'fast-check';
import { decodeHeader, encodeHeader, fromHeaders, toHeaders } from './message-headers.js';

/** fast-check's own `binary` takes seconds to begin. */
const anyCodePoint = fc.integer({ min: 0, max: 0x10ffff }).map((at) => String.fromCodePoint(at));

describe('header values', () => {
  it('come back as they were, whatever is in them', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        expect(decodeHeader(encodeHeader(value))).toBe(value);
      }),
    );
  });

  it('travel as printable ASCII, so that no value begins a header of its own', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCodePoint }), (value) => {
        expect(encodeHeader(value)).toMatch(/^[\x21\x23-\x7e]*$/);
      }),
    );
    expect(encodeHeader('a\r\nNats-Msg-Id: b')).toBe('a%0D%0ANats-Msg-Id:%20b');
  });

  it('that are half a character become the replacement character', () => {
    expect(decodeHeader(encodeHeader('a\ud800b'))).toBe('a\ufffdb');
  });

  it('that nobody encoded are taken as they stand', () => {
    expect(decodeHeader('100%')).toBe('100%');
  });

  it('are found by name in small letters', () => {
    expect(fromHeaders(toHeaders({ 'CE-Id': '1', traceparent: '00' }))).toEqual({
      'ce-id': '1',
      traceparent: '00',
    });
  });
});
