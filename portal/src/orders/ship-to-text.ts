interface ShipTo {
  readonly name?: string;
  readonly id?: string;
  readonly address?: {
    readonly lines?: readonly string[];
    readonly city?: string;
    readonly region?: string;
    readonly postalCode?: string;
  };
}

export function shipToText(value: unknown): string {
  const { name, id, address } = (value ?? {}) as ShipTo;
  const place = [
    address?.lines?.join(', '),
    address?.city,
    [address?.region, address?.postalCode].filter(Boolean).join(' '),
  ]
    .filter(Boolean)
    .join(', ');
  return [name ?? id, place].filter(Boolean).join(', ') || 'Not named';
}
