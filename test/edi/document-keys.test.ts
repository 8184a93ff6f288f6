import {
  type DocumentKeyKind,
  DocumentKeys,
  keyValue,
  MOST_KEYS,
  ssccValue,
} from '../../edi/archive/document-keys';

const segment = (text: string) => {
  const [id = '', ...elements] = text.split('*');
  return { id, text: (n: number) => elements[n - 1] ?? '' };
};

function keysOf(version: string, ...segments: string[]): Partial<Record<DocumentKeyKind, string[]>> {
  const keys = new DocumentKeys(version);
  for (const one of segments) keys.add(segment(one));
  const found: Partial<Record<DocumentKeyKind, string[]>> = {};
  for (const { kind, value } of keys.list()) (found[kind] ??= []).push(value);
  return found;
}

describe('a document is found by', () => {
  it('its purchase order, references and every product id of its lines', () => {
    expect(
      keysOf(
        '004010VICS',
        'BEG*00*SA*po-7**20261122',
        'REF*DP*0017',
        'N9*BM*BOL-1',
        'PO1*1*10*EA*4.25**BP*b-1*UP*012345678905',
        'PO1*2*1*EA*1**BP*b-1',
      ),
    ).toEqual({
      'purchase-order': ['PO-7'],
      reference: ['0017', 'BOL-1'],
      item: ['B-1', '012345678905'],
    });
  });

  it('the orders, the shipment and the SSCCs of a ship notice, with or without their application identifier', () => {
    expect(
      keysOf(
        '004010',
        'BSN*00*SHP-1*20261122*1200*0001',
        'PRF*PO-1',
        'PRF*PO-2',
        'MAN*GM*00095212340000004592**CP*1Z999',
        'MAN*GM*095212340000004608',
        'MAN*UC*77',
        'LIN**UP*012345678905',
      ),
    ).toEqual({
      shipment: ['SHP-1'],
      'purchase-order': ['PO-1', 'PO-2'],
      sscc: ['095212340000004592', '095212340000004608'],
      reference: ['1Z999', '77'],
      item: ['012345678905'],
    });
  });

  it('the invoices a payment or an advice is about, whichever side its qualifier stands on', () => {
    expect(keysOf('004010', 'RMR*IV*INV-1**10', 'RMR*PO*PO-1', 'OTI*TR*IV*INV-2')).toEqual({
      invoice: ['INV-1', 'INV-2'],
      'purchase-order': ['PO-1'],
    });
    expect(keysOf('004010', 'BIG*20261122*INV-3*20261101*PO-9')).toEqual({
      invoice: ['INV-3'],
      'purchase-order': ['PO-9'],
    });
  });

  it('what it says in a release that the hub does not know, read as the most common one', () => {
    expect(keysOf('999999', 'BEG*00*SA*PO1')).toEqual({ 'purchase-order': ['PO1'] });
  });
});

it('a product id without its qualifier is none, and an empty value is no key', () => {
  expect(keysOf('004010', 'PO1*1*10*EA*4.25***B-1', 'REF*DP* ', 'BEG')).toEqual({});
});

it('a flood of keys is cut off', () => {
  const keys = new DocumentKeys('004010');
  for (let n = 0; n < MOST_KEYS + 100; n += 1) keys.add(segment(`REF*ZZ*${n}`));
  expect(keys.list()).toHaveLength(MOST_KEYS);
});

it('what is asked for is spelled as it was stored', () => {
  expect(keyValue(' po-7 ')).toBe('PO-7');
  expect(ssccValue('(00)095212340000004592')).toBe('095212340000004592');
  expect(ssccValue('00095212340000004592')).toBe('095212340000004592');
});
