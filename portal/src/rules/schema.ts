/** The part of JSON Schema (2020-12) that rules are described with; what is not here is edited as JSON text. */
export interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly (string | number | boolean | null)[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly additionalProperties?: Schema | boolean;
}

export type Field =
  | { readonly kind: 'object'; readonly properties: readonly [string, Schema][] }
  | { readonly kind: 'list'; readonly items: Schema }
  | { readonly kind: 'choice'; readonly values: readonly string[] }
  | { readonly kind: 'choices'; readonly values: readonly string[] }
  | { readonly kind: 'words' }
  | { readonly kind: 'text' }
  | { readonly kind: 'number'; readonly whole: boolean }
  | { readonly kind: 'yes-no' }
  /** Objects that differ by one property with a fixed value each. */
  | { readonly kind: 'variants'; readonly by: string; readonly variants: ReadonlyMap<string, Schema> }
  /** Objects of different shapes, each by the first property that only it must have. */
  | { readonly kind: 'shapes'; readonly shapes: ReadonlyMap<string, Schema> }
  | { readonly kind: 'json' };

/** null may stand for "none": what else the value can be. */
export function withoutNull(schema: Schema): { readonly schema: Schema; readonly mayBeNull: boolean } {
  const others = schema.anyOf?.filter((one) => one.type !== 'null');
  if (!schema.anyOf || !others || others.length === schema.anyOf.length) return { schema, mayBeNull: false };
  const [only] = others;
  const rest = others.length === 1 && only ? only : { anyOf: others };
  const { description } = schema;
  return { schema: { ...rest, ...(description !== undefined && { description }) }, mayBeNull: true };
}

const texts = (values: Schema['enum']): readonly string[] | null =>
  values?.every((value) => typeof value === 'string') ? (values as readonly string[]) : null;

export function fieldOf(schema: Schema): Field {
  const values = texts(schema.enum);
  if (values) return { kind: 'choice', values };
  const options = schema.oneOf ?? schema.anyOf;
  const variants = variantsOf(options) ?? shapesOf(options);
  if (variants) return variants;
  switch (schema.type) {
    case 'object':
      return schema.properties
        ? { kind: 'object', properties: Object.entries(schema.properties) }
        : { kind: 'json' };
    case 'array':
      return schema.items ? listOf(schema.items) : { kind: 'json' };
    case 'string':
      return { kind: 'text' };
    case 'number':
    case 'integer':
      return { kind: 'number', whole: schema.type === 'integer' };
    case 'boolean':
      return { kind: 'yes-no' };
    default:
      return { kind: 'json' };
  }
}

function listOf(items: Schema): Field {
  const values = texts(items.enum);
  if (values) return { kind: 'choices', values };
  return items.type === 'string' ? { kind: 'words' } : { kind: 'list', items };
}

function variantsOf(options: readonly Schema[] | undefined): Field | null {
  const [first] = options ?? [];
  if (!options || !first?.properties) return null;
  const by = Object.entries(first.properties).find(([, one]) => typeof one.const === 'string')?.[0];
  if (by === undefined) return null;
  const named = options.map((one) => [one.properties?.[by]?.const, one] as const);
  if (!named.every(([name]) => typeof name === 'string')) return null;
  return { kind: 'variants', by, variants: new Map(named as readonly (readonly [string, Schema])[]) };
}

function shapesOf(options: readonly Schema[] | undefined): Field | null {
  if (!options || options.length < 2) return null;
  const named = options.map((one) => {
    const others = options.filter((other) => other !== one);
    const own = one.required?.find((name) => !others.some((other) => other.required?.includes(name)));
    return [own, one] as const;
  });
  if (!named.every(([own]) => own !== undefined)) return null;
  return { kind: 'shapes', shapes: new Map(named as readonly (readonly [string, Schema])[]) };
}

/** What a new entry starts with: nothing that was not said, but of the right shape. */
export function emptyOf(schema: Schema): unknown {
  if (schema.default !== undefined) return schema.default;
  if (schema.const !== undefined) return schema.const;
  const { schema: own, mayBeNull } = withoutNull(schema);
  if (mayBeNull) return null;
  const field = fieldOf(own);
  switch (field.kind) {
    case 'object': {
      const needed = field.properties.filter(([name]) => own.required?.includes(name));
      return Object.fromEntries(needed.map(([name, one]) => [name, emptyOf(one)]));
    }
    case 'variants':
    case 'shapes': {
      const [first] = (field.kind === 'shapes' ? field.shapes : field.variants).values();
      return first ? emptyOf(first) : {};
    }
    case 'list':
    case 'choices':
    case 'words':
      return [];
    case 'choice':
      return field.values[0];
    case 'number':
      return 0;
    case 'yes-no':
      return false;
    case 'text':
      return '';
    case 'json':
      return {};
    default:
      return field satisfies never;
  }
}

/** "secondPersonAboveMinor" as people read it: units stand last in names. */
export function nameInWords(name: string): string {
  const words = name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/ minor$/, ', minor units')
    .replace(/ (in )?(seconds|hours|days)$/, ', in $2');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
