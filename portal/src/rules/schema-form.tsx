import {
  ActionIcon,
  Button,
  Checkbox,
  Fieldset,
  Group,
  JsonInput,
  MultiSelect,
  NumberInput,
  Select,
  Stack,
  TagsInput,
  Text,
  TextInput,
} from '@mantine/core';
import { useState } from 'react';
import { emptyOf, fieldOf, nameInWords, type Schema, withoutNull } from './schema';

interface FieldProps {
  readonly name: string;
  readonly schema: Schema;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  /** Absent means something of its own: it can be left out. */
  readonly optional: boolean;
  readonly pointer: string;
  readonly problems: ReadonlyMap<string, string>;
}

type Properties = Readonly<Record<string, unknown>>;
const asProperties = (value: unknown): Properties =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Properties) : {};
const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

/** One value of a rule, with the control that its schema asks for. */
export function SchemaField(props: FieldProps) {
  const { schema, mayBeNull } = withoutNull(props.schema);
  const field = fieldOf(schema);
  const error = props.problems.get(props.pointer);
  const label = nameInWords(props.name);
  const description = schema.description;
  const common = {
    label,
    ...(description !== undefined && { description }),
    ...(error !== undefined && { error }),
  };
  const none = mayBeNull ? null : undefined;
  // What holds where nothing is said.
  const usual = props.schema.default ?? schema.default;
  const placeholder =
    typeof usual === 'string' || typeof usual === 'number' ? String(usual) : mayBeNull ? 'none' : '';
  switch (field.kind) {
    case 'object':
      return <ObjectField {...props} schema={schema} mayBeNull={mayBeNull} />;
    case 'variants':
      return <VariantField {...props} schema={schema} by={field.by} variants={field.variants} />;
    case 'shapes':
      return <ShapesField {...props} shapes={field.shapes} />;
    case 'list':
      return <ListField {...props} items={field.items} />;
    case 'choice':
      return (
        <Select
          {...common}
          placeholder={placeholder}
          data={[...field.values]}
          value={typeof props.value === 'string' ? props.value : null}
          clearable={props.optional || mayBeNull}
          onChange={(value) => props.onChange(value ?? none)}
        />
      );
    case 'choices':
      return (
        <MultiSelect
          {...common}
          data={[...field.values]}
          value={asList(props.value) as string[]}
          onChange={(value) => props.onChange(value.length === 0 && props.optional ? undefined : value)}
        />
      );
    case 'words':
      return (
        <TagsInput
          {...common}
          placeholder="Type and press Enter"
          value={asList(props.value) as string[]}
          onChange={(value) => props.onChange(value.length === 0 && props.optional ? undefined : value)}
        />
      );
    case 'number':
      return (
        <NumberInput
          {...common}
          allowDecimal={!field.whole}
          value={typeof props.value === 'number' ? props.value : ''}
          placeholder={placeholder}
          thousandSeparator=" "
          onChange={(value) => props.onChange(typeof value === 'number' ? value : none)}
        />
      );
    case 'yes-no':
      return (
        <Checkbox
          {...common}
          checked={props.value === true}
          onChange={(event) => props.onChange(event.currentTarget.checked)}
        />
      );
    case 'text':
      return (
        <TextInput
          {...common}
          placeholder={placeholder}
          value={typeof props.value === 'string' ? props.value : ''}
          onChange={(event) => {
            const text = event.currentTarget.value;
            props.onChange(text === '' && (props.optional || mayBeNull) ? none : text);
          }}
        />
      );
    case 'json':
      return <JsonField {...props} label={label} />;
    default:
      return field satisfies never;
  }
}

function ObjectField({
  schema,
  value,
  onChange,
  name,
  pointer,
  problems,
  optional,
  mayBeNull,
}: FieldProps & { readonly mayBeNull: boolean }) {
  const absent = value === undefined || value === null;
  if (absent && (optional || mayBeNull)) {
    return (
      <Group gap="xs">
        <Text size="sm" fw={500}>
          {nameInWords(name)}
        </Text>
        <Button size="compact-xs" variant="default" onClick={() => onChange(emptyOf(schema))}>
          Say it
        </Button>
      </Group>
    );
  }
  return (
    <Fieldset legend={nameInWords(name)}>
      <ObjectFields schema={schema} value={value} onChange={onChange} pointer={pointer} problems={problems} />
      {(optional || mayBeNull) && (
        <Button
          mt="sm"
          size="compact-xs"
          variant="default"
          onClick={() => onChange(mayBeNull ? null : undefined)}
        >
          Leave it out
        </Button>
      )}
    </Fieldset>
  );
}

/** The properties of an object, one under the other; those that are left out are left out of the value. */
export function ObjectFields({
  schema,
  value,
  onChange,
  pointer,
  problems,
  without = [],
}: Pick<FieldProps, 'schema' | 'value' | 'onChange' | 'pointer' | 'problems'> & {
  readonly without?: readonly string[];
}) {
  const own = asProperties(value);
  const set = (name: string, next: unknown) => {
    const { [name]: _, ...others } = own;
    onChange(next === undefined ? others : { ...own, [name]: next });
  };
  return (
    <Stack gap="sm">
      {Object.entries(schema.properties ?? {})
        .filter(([name]) => !without.includes(name))
        .map(([name, one]) => (
          <SchemaField
            key={name}
            name={name}
            schema={one}
            value={own[name]}
            onChange={(next) => set(name, next)}
            optional={!(schema.required ?? []).includes(name)}
            pointer={`${pointer}/${name}`}
            problems={problems}
          />
        ))}
    </Stack>
  );
}

function VariantField({
  name,
  value,
  onChange,
  pointer,
  problems,
  by,
  variants,
}: FieldProps & { readonly by: string; readonly variants: ReadonlyMap<string, Schema> }) {
  const chosen = asProperties(value)[by];
  const schema = typeof chosen === 'string' ? variants.get(chosen) : undefined;
  return (
    <Fieldset legend={nameInWords(name)}>
      <Stack gap="sm">
        <Select
          label={nameInWords(by)}
          data={[...variants.keys()]}
          value={typeof chosen === 'string' ? chosen : null}
          onChange={(next) => {
            const other = next === null ? undefined : variants.get(next);
            if (other) onChange(emptyOf(other));
          }}
        />
        {schema && (
          <ObjectFields
            schema={schema}
            value={value}
            onChange={onChange}
            pointer={pointer}
            problems={problems}
            without={[by]}
          />
        )}
      </Stack>
    </Fieldset>
  );
}

/** One of several shapes: the one whose own property the value has. */
function ShapesField({
  name,
  value,
  onChange,
  pointer,
  problems,
  shapes,
}: FieldProps & { readonly shapes: ReadonlyMap<string, Schema> }) {
  const own = asProperties(value);
  const [chosen] = [...shapes].find(([property]) => property in own) ?? [...shapes][0] ?? [];
  const schema = chosen === undefined ? undefined : shapes.get(chosen);
  return (
    <Fieldset legend={nameInWords(name)}>
      <Stack gap="sm">
        <Select
          label="Written with"
          data={[...shapes.keys()].map((property) => ({ value: property, label: nameInWords(property) }))}
          value={chosen ?? null}
          onChange={(next) => {
            const other = next === null ? undefined : shapes.get(next);
            if (other) onChange(emptyOf(other));
          }}
        />
        {schema && (
          <ObjectFields
            schema={schema}
            value={value}
            onChange={onChange}
            pointer={pointer}
            problems={problems}
          />
        )}
      </Stack>
    </Fieldset>
  );
}

function ListField({
  name,
  value,
  onChange,
  pointer,
  problems,
  items,
}: FieldProps & { readonly items: Schema }) {
  const own = asList(value);
  return (
    <Fieldset legend={nameInWords(name)}>
      <Stack gap="sm">
        {own.map((one, place) => (
          // Entries have no name of their own: their place is all there is.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <Group key={place} align="flex-start" wrap="nowrap">
            <div style={{ flex: 1 }}>
              <SchemaField
                name={`no. ${place + 1}`}
                schema={items}
                value={one}
                onChange={(next) => onChange(own.with(place, next))}
                optional={false}
                pointer={`${pointer}/${place}`}
                problems={problems}
              />
            </div>
            <ActionIcon
              variant="default"
              aria-label={`Remove no. ${place + 1}`}
              onClick={() => onChange(own.toSpliced(place, 1))}
            >
              ×
            </ActionIcon>
          </Group>
        ))}
        <Group>
          <Button size="compact-sm" variant="default" onClick={() => onChange([...own, emptyOf(items)])}>
            Add
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  );
}

/** What no control fits is typed as JSON; what does not parse yet is not taken. */
export function JsonField({
  label,
  value,
  onChange,
}: Pick<FieldProps, 'value' | 'onChange'> & { readonly label: string }) {
  const [text, setText] = useState(() => (value === undefined ? '' : JSON.stringify(value, null, 2)));
  return (
    <JsonInput
      label={label}
      formatOnBlur
      autosize
      minRows={3}
      maxRows={30}
      validationError="This is not JSON yet"
      value={text}
      onChange={(next) => {
        setText(next);
        if (next.trim() === '') return onChange(undefined);
        try {
          onChange(JSON.parse(next) as unknown);
        } catch {
          // Half typed: the control says so itself.
        }
      }}
    />
  );
}
