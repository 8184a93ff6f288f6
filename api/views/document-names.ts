/** What people call a transaction set. */
export const documentNames: Readonly<Record<string, string>> = {
  '180': 'Return authorisation',
  '810': 'Invoice',
  '812': 'Credit/debit adjustment',
  '820': 'Payment order',
  '824': 'Application advice',
  '832': 'Price catalogue',
  '846': 'Inventory advice',
  '850': 'Purchase order',
  '855': 'Purchase order acknowledgement',
  '856': 'Ship notice',
  '860': 'Purchase order change',
  '865': 'Purchase order change acknowledgement',
  '870': 'Order status report',
  '940': 'Warehouse shipping order',
  '944': 'Stock transfer receipt',
  '945': 'Warehouse shipping advice',
  '947': 'Inventory adjustment',
  '997': 'Functional acknowledgement',
  '999': 'Implementation acknowledgement',
  TA1: 'Interchange acknowledgement',
};

export const documentName = (setId: string) => documentNames[setId] ?? `Transaction set ${setId}`;
