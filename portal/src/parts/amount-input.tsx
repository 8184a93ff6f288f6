import { TextInput, type TextInputProps } from '@mantine/core';
import { decimalsOf, minorOf } from './amount';

interface AmountInputProps extends Omit<TextInputProps, 'value' | 'onChange' | 'label'> {
  readonly label: string;
  readonly currency: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
}

/** An amount of money as people type it, with what is wrong with it beside the field. */
export function AmountInput({ label, currency, value, onChange, ...more }: AmountInputProps) {
  const wrong = value.trim() !== '' && minorOf(value, currency) === null;
  const example = decimalsOf(currency) === 0 ? '1250' : `1250.${'0'.repeat(decimalsOf(currency))}`;
  return (
    <TextInput
      label={`${label} (${currency})`}
      inputMode="decimal"
      autoComplete="off"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={wrong ? `An amount such as ${example}` : undefined}
      {...more}
    />
  );
}
