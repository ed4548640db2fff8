import { getMetadataStorage } from 'class-validator';

/**
 * Has class-validator look up the rules of a class once. By itself it goes through the rules of every
 * class there is for each object, each line of an order: a third of what reading a message cost. The
 * rules are those of decorators, which have all run when the first object of a class comes.
 */
export function rememberRules(): void {
  const storage = getMetadataStorage();
  const find = storage.getTargetValidationMetadatas.bind(storage);
  type Asked = Parameters<typeof find>;
  type Rules = ReturnType<typeof find>;
  const known = new Map<Asked[0], Map<Asked[1], Rules>>();
  storage.getTargetValidationMetadatas = (...asked: Asked) => {
    const [target, schema, always, strictGroups, groups] = asked;
    // Only what we ask for: without groups or their options.
    if (always || strictGroups || groups?.length) return find(...asked);
    let ofTarget = known.get(target);
    if (ofTarget === undefined) known.set(target, (ofTarget = new Map<Asked[1], Rules>()));
    // For what lies within another object it names the class of that one as a schema.
    const rules = ofTarget.get(schema) ?? find(...asked);
    ofTarget.set(schema, rules);
    return rules;
  };
}
