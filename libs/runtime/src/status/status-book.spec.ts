import { StatusBook } from './status-book.js';

describe('the status of a service', () => {
  it('adds up what its parts have still to do', async () => {
    const book = new StatusBook();
    book.report('outbox', () => Promise.resolve({ busy: 2, outboxPending: 2 }));
    book.report('intents', () => Promise.resolve({ busy: 3 }));
    expect(await book.read()).toEqual({ busy: 5, outboxPending: 2 });
  });

  it('has nothing to do when no part has', async () => {
    expect(await new StatusBook().read()).toEqual({ busy: 0 });
  });
});
