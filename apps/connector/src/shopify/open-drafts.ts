import type { Refs } from '../vendor.js';
import type { ShopifyClient } from './shopify.client.js';
import { EXISTING, NODES_AT_ONCE } from './shopify.documents.js';

const KIND = 'open-drafts';
const KEY = 'all';

/**
 * The drafts last seen open. A deleted draft is in no list of changes, so that a lost webhook would
 * leave its goods promised for ever; the poll asks for these by id.
 */
export class OpenDrafts {
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly client: ShopifyClient,
    private readonly refs: Refs,
  ) {}

  /** Takes in what was just read: id by id, whether the draft is open. */
  note(drafts: ReadonlyMap<string, boolean>): Promise<void> {
    const noted = this.turn.then(() => this.update(drafts));
    // One failed write must not stop the next; its caller hears of it.
    this.turn = noted.catch(() => undefined);
    return noted;
  }

  /** Those that the platform no longer has. */
  async findDeleted(): Promise<string[]> {
    const ids = await this.read();
    const gone: string[] = [];
    for (let at = 0; at < ids.length; at += NODES_AT_ONCE) {
      const asked = ids.slice(at, at + NODES_AT_ONCE);
      const { nodes } = await this.client.send(EXISTING, { ids: asked });
      const existing = new Set(nodes.map((node) => node?.id));
      gone.push(...asked.filter((id) => !existing.has(id)));
    }
    return gone;
  }

  private async update(drafts: ReadonlyMap<string, boolean>): Promise<void> {
    const before = await this.read();
    const open = new Set(before);
    for (const [id, isOpen] of drafts) {
      if (isOpen) open.add(id);
      else open.delete(id);
    }
    const after = [...open].sort();
    if (after.join() !== before.join()) {
      await this.refs.put([{ kind: KIND, key: KEY, value: after }]);
    }
  }

  private async read(): Promise<string[]> {
    return (await this.refs.get<string[]>(KIND, [KEY])).get(KEY) ?? [];
  }
}
