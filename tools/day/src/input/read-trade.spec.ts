import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';

import { readTrade } from './read-trade.js';

const read = (text: string | Buffer) => readTrade(Readable.from([Buffer.from(text)]));

const KEYED_IN_ENGLISH = [
  'Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country',
  '9001,10A,"Jug, tall",6,3/31/2026 8:05,2.55,51,United Kingdom',
  '9002,10a,Jug,1,4/1/2026 17:40,12,,United Kingdom',
];

describe('a trade file', () => {
  it('is read with semicolons, decimal commas, days first and a byte-order mark', async () => {
    const { rows, rejected } = await read(
      [
        '\uFEFFInvoiceNo;StockCode;Description;Quantity;InvoiceDate;UnitPrice;CustomerID;Country',
        '9001;10A;Jug, tall ;6;31/3/2026 08:05;2,55;51;United Kingdom',
        'C9002; 10a ;;-12;1/4/2026 17:40;12,5;;Norway',
      ].join('\r\n'),
    );
    expect(rejected).toEqual([]);
    expect(rows).toEqual([
      {
        row: 2,
        invoice: '9001',
        sku: '10A',
        description: 'Jug, tall',
        quantity: 6,
        at: '2026-03-31T08:05:00',
        priceMinor: 255,
        customer: '51',
        country: 'United Kingdom',
      },
      {
        row: 3,
        invoice: 'C9002',
        sku: '10a',
        description: '',
        quantity: -12,
        at: '2026-04-01T17:40:00',
        priceMinor: 1250,
        customer: null,
        country: 'Norway',
      },
    ]);
  });

  it('is read with commas, decimal points, months first and other names of columns', async () => {
    const { rows, rejected } = await read(KEYED_IN_ENGLISH.join('\n'));
    expect(rejected).toEqual([]);
    expect(rows).toMatchObject([
      { description: 'Jug, tall', priceMinor: 255, at: '2026-03-31T08:05:00', customer: '51' },
      { priceMinor: 1200, at: '2026-04-01T17:40:00', customer: null },
    ]);
  });

  it('is read without a date column, whatever the case of the names', async () => {
    const { rows } = await read(
      'INVOICENO,stockcode,Description,QUANTITY,unitprice,customer_id,country\n1,A,x,2,1.5,7.0,UK\n',
    );
    expect(rows).toMatchObject([{ at: null, priceMinor: 150, customer: '7', quantity: 2 }]);
  });

  it.each([
    ['2026-03-31 08:05:09', '2026-03-31T08:05:09'],
    ['2026-03-31T08:05:09.250Z', '2026-03-31T08:05:09'],
    ['2026-03-31', '2026-03-31T00:00:00'],
  ])('is read with dates like %s', async (date, at) => {
    const { rows } = await read(
      `Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country\n1,A,x,2,${date},1,7,UK\n`,
    );
    expect(rows).toMatchObject([{ at }]);
  });

  it('gives up rows that cannot be read, with their line and why, and takes the others', async () => {
    const { rows, rejected } = await read(
      [
        KEYED_IN_ENGLISH[0],
        '1,A,"two\nlines",2,3/31/2026 8:05,1.00,7,UK',
        '1,A,x,two,3/31/2026 8:05,1.00,7,UK',
        '',
        '1,A,x,1.5,3/31/2026 8:05,1.00,7,UK',
        '1,A,x,2,3/31/2026 8:05,free,7,UK',
        '1,A,x,2,13/31/2026 8:05,1.00,7,UK',
        ',A,x,2,3/31/2026 8:05,1.00,7,UK',
        '1,,x,2,3/31/2026 8:05,1.00,7,UK',
        '1,A,x,2',
        '1,A,6" plate,2,3/31/2026 8:05,1.00,7,UK',
      ].join('\n'),
    );
    expect(rejected).toEqual([
      { row: 4, reason: "quantity 'two' is no whole number" },
      { row: 6, reason: "quantity '1.5' is no whole number" },
      { row: 7, reason: "price 'free' is no amount" },
      { row: 8, reason: "date '13/31/2026 8:05' is no date" },
      { row: 9, reason: 'no invoice number' },
      { row: 10, reason: 'no stock code' },
      { row: 11, reason: '4 fields instead of 8' },
    ]);
    expect(rows).toMatchObject([
      { row: 2, description: 'two\nlines' },
      { row: 12, description: '6" plate' },
    ]);
  });

  it('loses nothing behind a quote that is never closed', async () => {
    const { rows, rejected } = await read(
      [
        ...KEYED_IN_ENGLISH,
        '9003,11,"Round" tray,1,4/1/2026 17:41,3.00,51,UK',
        '9003,12,"Tray,1,4/1/2026 17:41,3.00,51,UK',
        '9004,13,Tray,1,4/1/2026 17:42,3.00,51,UK',
      ].join('\n'),
    );
    expect(rows.map(({ row }) => row)).toEqual([3, 4, 5, 6]);
    expect(rejected).toEqual([{ row: 2, reason: '9 fields instead of 8' }]);
  });

  it('is read in Latin-1 too', async () => {
    const text = `${KEYED_IN_ENGLISH[0]}\n1,A,Caf\xe9 cup,2,3/31/2026 8:05,1,7,UK\n`;
    const { rows } = await read(Buffer.from(text, 'latin1'));
    expect(rows).toMatchObject([{ description: 'Café cup' }]);
  });

  it('is refused when it is none', async () => {
    await expect(read('')).rejects.toThrow('empty');
    await expect(read('a,b,c\n1,2,3\n')).rejects.toThrow('no column invoiceno, stockcode');
  });

  it('is read from a path', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'trade-'));
    const file = path.join(folder, 'day.csv');
    await writeFile(file, KEYED_IN_ENGLISH.join('\n'));
    expect((await readTrade(file)).rows).toHaveLength(2);
    await rm(folder, { recursive: true });
  });
});
