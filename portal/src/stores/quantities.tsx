import { NumberInput } from '@mantine/core';
import type { StoreTaskView } from '../../../api/contract/stores';

type Line = StoreTaskView['lines'][number];
export interface LineQuantity {
  readonly lineNumber: number;
  readonly quantity: number;
}

/** How many of each line, in base units. */
export function Quantities({
  lines,
  most,
  values,
  onChange,
  label,
}: {
  readonly lines: readonly Line[];
  readonly most: (line: Line) => number;
  readonly values: readonly LineQuantity[];
  readonly onChange: (values: LineQuantity[]) => void;
  readonly label: string;
}) {
  return lines.map((line, at) => (
    <NumberInput
      key={line.lineNumber}
      label={`${label}: ${line.itemId} (${line.description})`}
      description={`of ${most(line)}${line.unitFactor === 1 ? '' : `, in steps of ${line.unitFactor}`}`}
      min={0}
      max={most(line)}
      step={line.unitFactor}
      allowDecimal={false}
      allowNegative={false}
      value={values[at]?.quantity ?? 0}
      onChange={(value) =>
        onChange(
          lines.map(({ lineNumber }, i) => ({
            lineNumber,
            quantity: i === at ? Number(value) || 0 : (values[i]?.quantity ?? 0),
          })),
        )
      }
      {...(at === 0 && { 'data-autofocus': true })}
    />
  ));
}
