/** What is read: purchase orders as a distributor sends them, one group, one interchange, no line breaks. */
export function purchaseOrders(orders: number, lines: number): string {
  const sets = Array.from({ length: orders }, (_, at) => purchaseOrder(at + 1, lines));
  return envelope(sets);
}

/** One order with very many lines. */
export function largeOrder(lines: number): string {
  return envelope([purchaseOrder(1, lines)]);
}

function envelope(sets: readonly string[]): string {
  return [
    'ISA*00*          *00*          *ZZ*ACME           *ZZ*HUB            *261122*1530*U*00401*000000001*0*P*>~',
    'GS*PO*ACME*HUB*20261122*1530*1*X*004010~',
    ...sets,
    `GE*${sets.length}*1~IEA*1*000000001~`,
  ].join('');
}

function purchaseOrder(number: number, lines: number): string {
  const control = String(number).padStart(4, '0');
  const segments = [
    `ST*850*${control}`,
    `BEG*00*SA*PO${String(number).padStart(8, '0')}**20261122`,
    'CUR*BY*USD',
    'REF*DP*038',
    'DTM*002*20261201',
    'N1*ST*ACME Warehouse 12*92*0012',
    'N3*1200 Industrial Parkway',
    'N4*Columbus*OH*43215*US',
  ];
  for (let line = 1; line <= lines; line += 1) {
    const item = String((number * 31 + line * 7) % 100_000).padStart(6, '0');
    segments.push(`PO1*${line}*${(line % 24) + 1}*EA*${(line % 90) + 1}.25**VP*A-${item}*BP*B${item}`);
    segments.push(`PID*F****Industrial part number ${item}`);
  }
  segments.push(`CTT*${lines}`);
  segments.push(`SE*${segments.length + 1}*${control}`);
  return `${segments.join('~')}~`;
}
