import { getMetadataStorage, IsInt, IsString, validateSync } from 'class-validator';
import { rememberRules } from './remembered-rules.js';

class Thing {
  @IsString() readonly name!: string;
}

class CountedThing extends Thing {
  @IsInt({ groups: ['strict'] }) readonly units!: number;
}

const rulesOf = (type: typeof Thing, groups?: string[], within = '') =>
  getMetadataStorage().getTargetValidationMetadatas(type, within, false, false, groups);

rememberRules();

it('looks the rules of a class up once, inherited ones too', () => {
  expect(rulesOf(CountedThing)).toHaveLength(2);
  expect(rulesOf(CountedThing)).toBe(rulesOf(CountedThing));
  expect(rulesOf(Thing)).toHaveLength(1);
});

it('looks them up once for what lies within another thing too', () => {
  expect(rulesOf(CountedThing, undefined, 'Shelf')).toHaveLength(2);
  expect(rulesOf(CountedThing, undefined, 'Shelf')).toBe(rulesOf(CountedThing, undefined, 'Shelf'));
});

it('does not take the rules of all for those of a group', () => {
  rulesOf(CountedThing);
  const thing = Object.assign(new CountedThing(), { name: 1, units: 'many' });
  const wrong = (groups?: string[]) =>
    validateSync(thing, { forbidUnknownValues: false, ...(groups && { groups }) }).map(
      ({ property }) => property,
    );
  expect(wrong().sort()).toEqual(['name', 'units']);
  expect(wrong(['strict'])).toEqual(['units']);
});
