/** What one text field of a vendor holds. */
export interface TextField {
  /** Most UTF-16 units; a vendor that counts characters holds at least as much. */
  readonly length: number;
  /** True where the vendor silently blacks out what looks like the number of a card. */
  readonly redactsCardNumbers: boolean;
}

/**
 * A text as a vendor's field can keep it. A long PO number may look like the number of a card; one
 * vendor answers 200 and stores something else (Lightspeed's conventions), so that there it is
 * written in groups that no card has. Too long a text is cut and says so by its last character; the
 * full value stays with us (R7).
 */
export function toFieldText(text: string, field: TextField): string {
  return cut(field.redactsCardNumbers ? withoutCardNumbers(text) : text, field.length);
}

/** True when some 13 to 19 digits in a row, blanks and dashes aside, check as a card's do (Luhn). */
export function looksLikeCardNumber(text: string): boolean {
  return digitRuns(text).some(({ digits }) => hasCardNumber(digits));
}

/** Runs of at least so many digits can be a card's number, up to the longest that cards have. */
const SHORTEST = 13;
const LONGEST = 19;
/** Groups this short, with a mark between them that cards do not have, are no card's number. */
const GROUP = 6;
const MARK = '/';

function withoutCardNumbers(text: string): string {
  let result = text;
  for (const { run, digits } of digitRuns(text)) {
    if (hasCardNumber(digits)) result = result.replace(run, inGroups(digits));
  }
  return result;
}

function digitRuns(text: string): { run: string; digits: string }[] {
  const runs = text.match(/\d(?:[ -]*\d){12,}/g) ?? [];
  return runs.map((run) => ({ run, digits: run.replaceAll(/\D/g, '') }));
}

/** Within a longer number too: a vendor that does not look at its ends would find it there. */
function hasCardNumber(digits: string): boolean {
  for (let from = 0; from + SHORTEST <= digits.length; from += 1) {
    for (let length = SHORTEST; length <= LONGEST; length += 1) {
      if (from + length <= digits.length && checksOut(digits.slice(from, from + length))) {
        return true;
      }
    }
  }
  return false;
}

/** Luhn: every second digit from the right counts double, and the digits sum to a multiple of ten. */
function checksOut(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, place) => {
    const value = Number(digit) * (place % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

function inGroups(digits: string): string {
  return (digits.match(new RegExp(`.{1,${GROUP}}`, 'g')) ?? []).join(MARK);
}

/** Never splits a character in two. */
function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const kept = text.slice(0, length - 1);
  return `${/[\uD800-\uDBFF]$/.test(kept) ? kept.slice(0, -1) : kept}…`;
}
