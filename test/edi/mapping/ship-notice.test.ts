import { sscc } from '../../../domain/fulfilment/sscc';
import { renderShipNotice, type ShipNoticeStructure } from '../../../edi/mapping/ship-notice';
import { shipNotice, ssccs } from './answers';
import { expectRight, linesOf, problemsOf } from './write-document';

const v4010 = { version: '004010', descriptions: false } as const;

const shipment = (count: number, structure: string) => [
  `BSN*00*SH-900017*20261121*1505*${structure}`,
  'HL*1**S*1',
  `TD1*CTN25*${count}****G*100*LB`,
  'TD5*B*2*UPSN**GROUND',
  'REF*BM*BOL-5512',
  'REF*CN*1Z999AA10123456784',
  'DTM*011*20261121*1505',
  'DTM*017*20261124',
  'N1*SF*RENO DC*91*RNO',
  'N3*1 Depot Way',
  'N4*Reno*NV*89502*US',
  'N1*ST*NORTHBEND SUPPLY DC 4*92*DC04',
  'N3*1180 Foundry Rd*Door 3',
  'N4*Lima*OH*45801*US',
];
const order = (number: number, parent: number) => [
  `HL*${number}*${parent}*O*1`,
  'PRF*NB-20931*R-3**20261120',
  'REF*DP*PLUMBING',
  'REF*MR*1205*REPLENISHMENT',
  'N1*BT*NORTHBEND SUPPLY*92*HQ',
];
const valve = (quantity: number) => ['LIN*1*VP*HX-1001*BP*440017', `SN1*1*${quantity}*EA**24*EA`];
const bolt = ['LIN**VP*M8X40', 'SN1**2500*EA**2500*EA'];

describe('the 856', () => {
  test('0001 nests items in packs in the order, and CTT counts its HL segments', () => {
    expect(linesOf(renderShipNotice(shipNotice, { ...v4010, bsnStructure: '0001' }))).toEqual([
      ...shipment(2, '0001'),
      ...order(2, 1),
      'HL*3*2*P*1',
      'TD1*CTN25*1****G*44.09*LB',
      `MAN*GM*00${ssccs[0]}`,
      'MAN*CP*1Z999AA10123456784',
      'HL*4*3*I*0',
      ...valve(12),
      'HL*5*3*I*0',
      ...bolt,
      'HL*6*2*P*1',
      `MAN*GM*00${ssccs[1]}`,
      'HL*7*6*I*0',
      ...valve(8),
      'CTT*7',
    ]);
  });

  test('0002 puts the packs under the item, each with what it holds of it', () => {
    const lines = linesOf(renderShipNotice(shipNotice, { ...v4010, bsnStructure: '0002' }));
    expect(lines.slice(shipment(2, '0002').length)).toEqual([
      ...order(2, 1),
      'HL*3*2*I*1',
      ...valve(20),
      'HL*4*3*P*0',
      'SN1**12*EA',
      `MAN*GM*00${ssccs[0]}`,
      'MAN*CP*1Z999AA10123456784',
      'HL*5*3*P*0',
      'SN1**8*EA',
      `MAN*GM*00${ssccs[1]}`,
      'HL*6*2*I*1',
      ...bolt,
      'HL*7*6*P*0',
      'SN1**2500*EA',
      `MAN*GM*00${ssccs[0]}`,
      'MAN*CP*1Z999AA10123456784',
      'CTT*7',
    ]);
  });

  test('0003 repeats the order in every pack', () => {
    const lines = linesOf(renderShipNotice(shipNotice, { ...v4010, bsnStructure: '0003' }));
    expect(lines.filter((line) => line.startsWith('HL'))).toEqual([
      'HL*1**S*1',
      'HL*2*1*P*1',
      'HL*3*2*O*1',
      'HL*4*3*I*0',
      'HL*5*3*I*0',
      'HL*6*1*P*1',
      'HL*7*6*O*1',
      'HL*8*7*I*0',
    ]);
    expect(lines.at(-1)).toBe('CTT*8');
  });

  test('0004 knows no packs: each line once with all that was shipped of it', () => {
    const lines = linesOf(renderShipNotice(shipNotice, { ...v4010, bsnStructure: '0004' }));
    expect(lines.slice(shipment(2, '0004').length)).toEqual([
      ...order(2, 1),
      'HL*3*2*I*0',
      ...valve(20),
      'HL*4*2*I*0',
      ...bolt,
      'CTT*4',
    ]);
  });

  test.each(['0001', '0002', '0003', '0004'] as const)(
    '%s is right by the dictionary and to an independent reader in 4010 and 5010',
    async (bsnStructure: ShipNoticeStructure) => {
      await expectRight((version) => renderShipNotice(shipNotice, { version, bsnStructure }));
    },
  );

  test('the SSCC has 18 digits where the agreement says so', () => {
    const lines = linesOf(renderShipNotice(shipNotice, { ...v4010, bsnStructure: '0001', ssccDigits: 18 }));
    expect(lines.filter((line) => line.startsWith('MAN*GM'))).toEqual(ssccs.map((sscc) => `MAN*GM*${sscc}`));
  });

  test('weights are in kilograms where the agreement says so', () => {
    const lines = linesOf(renderShipNotice(shipNotice, { ...v4010, bsnStructure: '0004', weightUnit: 'KG' }));
    expect(lines).toContain('TD1*CTN25*2****G*45.359*KG');
  });

  test('a line that stayed behind is not in the notice', () => {
    const [first, second] = shipNotice.lines;
    const [pack] = shipNotice.packages;
    if (!first || !second || !pack) throw new Error('fixture');
    const short = {
      ...shipNotice,
      lines: [first, { ...second, shipped: '0' }],
      packages: [{ ...pack, contents: [{ lineIndex: 0, quantity: '20' }] }],
    };
    const lines = linesOf(renderShipNotice(short, { ...v4010, bsnStructure: '0001' }));
    expect(lines.filter((line) => line.startsWith('LIN'))).toEqual(['LIN*1*VP*HX-1001*BP*440017']);
  });
});

const pallet = sscc('0614141', 1);
const onPallet = {
  ...shipNotice,
  packages: shipNotice.packages.map((one, i) => (i === 0 ? { ...one, palletSscc: pallet } : one)),
};
const levels = (notice: typeof shipNotice, bsnStructure: ShipNoticeStructure) =>
  linesOf(renderShipNotice(notice, { ...v4010, bsnStructure })).filter((line) => /^(HL|MAN\*GM)/.test(line));

describe('packs that stand on a pallet', () => {
  test('go under its level in 0001, with the SSCC of the pallet; the others stay where they are', () => {
    expect(levels(onPallet, '0001')).toEqual([
      'HL*1**S*1',
      'HL*2*1*O*1',
      'HL*3*2*T*1',
      `MAN*GM*00${pallet}`,
      'HL*4*3*P*1',
      `MAN*GM*00${ssccs[0]}`,
      'HL*5*4*I*0',
      'HL*6*4*I*0',
      'HL*7*2*P*1',
      `MAN*GM*00${ssccs[1]}`,
      'HL*8*7*I*0',
    ]);
  });

  test('go under it in 0003 as well, which has packs above their orders', () => {
    expect(levels(onPallet, '0003').slice(0, 4)).toEqual([
      'HL*1**S*1',
      'HL*2*1*T*1',
      `MAN*GM*00${pallet}`,
      'HL*3*2*P*1',
    ]);
  });

  test('are right by the dictionary and to an independent reader', async () => {
    await expectRight((version) => renderShipNotice(onPallet, { version, bsnStructure: '0001' }));
  });
});

describe('goods for several stores behind one ship-to', () => {
  const store = (id: string) => ({ role: 'Z7', idQualifier: '92', id });
  const [first, second] = shipNotice.lines;
  const marked = {
    ...shipNotice,
    lines: [
      { ...first, markFor: store('0101') },
      { ...second, markFor: store('0102') },
    ] as typeof shipNotice.lines,
  };

  test('cannot share a carton: nobody would know who opens it', () => {
    expect(problemsOf(renderShipNotice(marked, { ...v4010, bsnStructure: '0001' }))).toEqual([
      'package 1: holds goods for several parties that it is marked for',
    ]);
  });

  test('have an order level each where items are not in packs', () => {
    const lines = linesOf(renderShipNotice({ ...marked, packages: [] }, { ...v4010, bsnStructure: '0004' }));
    expect(lines.filter((line) => /^(HL|N1\*Z7)/.test(line))).toEqual([
      'HL*1**S*1',
      'HL*2*1*O*1',
      'N1*Z7**92*0101',
      'HL*3*2*I*0',
      'HL*4*1*O*1',
      'N1*Z7**92*0102',
      'HL*5*4*I*0',
    ]);
  });
});

describe('an 856 is refused', () => {
  const refused = (notice: typeof shipNotice, bsnStructure: ShipNoticeStructure = '0001') =>
    problemsOf(renderShipNotice(notice, { ...v4010, bsnStructure }));

  test('when its packages do not hold what was shipped', () => {
    expect(refused({ ...shipNotice, packages: shipNotice.packages.slice(0, 1) })).toEqual([
      'line 1: shipped are 20, its packages hold 12',
    ]);
    expect(refused({ ...shipNotice, packages: [] })).toHaveLength(2);
  });

  test('when an SSCC is none, or is used twice', () => {
    const [first, second] = shipNotice.packages;
    if (!first || !second) throw new Error('fixture');
    expect(refused({ ...shipNotice, packages: [{ ...first, sscc: '106141411234567890' }, second] })).toEqual([
      'package 1: "106141411234567890" is not an SSCC-18',
    ]);
    expect(refused({ ...shipNotice, packages: [first, { ...second, sscc: first.sscc }] })).toEqual([
      `package 2: SSCC ${first.sscc} is used twice`,
    ]);
  });

  test('when a line has no product id', () => {
    const lines = shipNotice.lines.map((line) => ({ ...line, productIds: [] }));
    expect(refused({ ...shipNotice, lines }, '0004')).toEqual([
      'line 1: has no product id (LIN02, LIN03)',
      'line no. 2: has no product id (LIN02, LIN03)',
    ]);
  });

  test('when nothing was shipped', () => {
    const lines = shipNotice.lines.map((line) => ({ ...line, shipped: '0' }));
    expect(refused({ ...shipNotice, lines, packages: [] }, '0004')).toEqual(['HL: nothing was shipped']);
  });
});
