import { List, Stack, Table, Text } from '@mantine/core';
import type { ChangeAssessmentView } from '../../../api/contract/changes';
import { type Column, DataTable } from '../parts/data-table';
import { formatCount, formatDate, formatMoney, formatPrice, inWords } from '../parts/format';
import { shipToText } from './ship-to-text';

type Standing = ChangeAssessmentView['before'];
type LineStanding = Standing['lines'][number];

/** A value now and with the change; one that stays is said once. */
function Becomes({ before, after }: { readonly before: string; readonly after: string }) {
  if (before === after) return <span className="soft">{after}</span>;
  return (
    <>
      <span className="soft">{before}</span> <span aria-hidden>→</span>
      <span className="visually-hidden"> becomes </span> <strong>{after}</strong>
    </>
  );
}

const none = '–';
const inUnit = (quantity: string | undefined, line: LineStanding | undefined) =>
  quantity === undefined ? none : `${formatCount(quantity)} ${line?.unit ?? ''}`.trim();

function daysOf(line: LineStanding | Standing | undefined): string {
  if (line === undefined) return none;
  const days = [
    line.shipNotBefore !== null && `not before ${formatDate(line.shipNotBefore)}`,
    line.deliverBy !== null && `deliver by ${formatDate(line.deliverBy)}`,
    line.cancelAfter !== null && `cancel after ${formatDate(line.cancelAfter)}`,
  ].filter((text) => text !== false);
  return days.length === 0 ? none : days.join(', ');
}

interface LinePair {
  readonly lineNumber: number;
  readonly before: LineStanding | undefined;
  readonly after: LineStanding | undefined;
}

/** Lines that the change touches or says something about; the others are counted. */
function pairsOf({ before, after, lines }: ChangeAssessmentView): readonly LinePair[] {
  const old = new Map(before.lines.map((line) => [line.lineNumber, line]));
  const mentioned = new Set(lines.map(({ lineNumber }) => lineNumber));
  return after.lines
    .map((line) => ({ lineNumber: line.lineNumber, before: old.get(line.lineNumber), after: line }))
    .filter(
      (pair) => mentioned.has(pair.lineNumber) || JSON.stringify(pair.before) !== JSON.stringify(pair.after),
    );
}

const lineOf = ({ before, after }: LinePair) => after ?? before;

function Item({ pair }: { readonly pair: LinePair }) {
  const { before, after } = pair;
  const line = lineOf(pair);
  return (
    <>
      <strong>{line?.itemId ?? 'Unknown item'}</strong>
      {before === undefined && <div className="small">new line</div>}
      {line?.rejection && <div className="overdue small">{line.rejection}</div>}
      {daysOf(before) !== daysOf(after) && (
        <div className="small">
          <Becomes before={daysOf(before)} after={daysOf(after)} />
        </div>
      )}
    </>
  );
}

type Said = (line: LineStanding | undefined) => string;
const becomes = (name: string, header: string, said: Said): Column<LinePair> => ({
  name,
  header,
  align: 'right',
  wrap: true,
  cell: ({ before, after }) => <Becomes before={said(before)} after={said(after)} />,
});

const lineColumns = (currency: string): readonly Column<LinePair>[] => [
  {
    name: 'line',
    header: 'Line',
    align: 'right',
    cell: (pair) => lineOf(pair)?.buyerLineNumber ?? pair.lineNumber,
  },
  { name: 'item', header: 'Item', wrap: true, cell: (pair) => <Item pair={pair} /> },
  becomes('quantity', 'Quantity', (line) => inUnit(line?.quantity, line)),
  becomes('price', 'Unit price', (line) => formatPrice(line?.unitPrice ?? null, currency)),
  becomes('amount', 'Amount', (line) => (line ? formatMoney(line.amount) : none)),
  becomes('covered', 'In stock for it', (line) => inUnit(line?.covered, line)),
  becomes('backordered', 'Backordered', (line) => inUnit(line?.backordered, line)),
];

function LinesTable({ pairs, currency }: { readonly pairs: readonly LinePair[]; readonly currency: string }) {
  return (
    <DataTable
      caption="Lines now and with the change"
      columns={lineColumns(currency)}
      rows={pairs}
      keyOf={(pair) => String(pair.lineNumber)}
      empty="No line is touched."
    />
  );
}

type Figure = readonly [name: string, before: string, after: string];

/** Amounts always; days, place and credit where they are known, credit to the seller's own people only. */
function figuresOf({ before, after }: ChangeAssessmentView): readonly Figure[] {
  const amounts: Figure[] = [
    ['Lines', formatMoney(before.subtotal), formatMoney(after.subtotal)],
    ['Charges and allowances', formatMoney(before.charges), formatMoney(after.charges)],
    ['Tax', formatMoney(before.tax), formatMoney(after.tax)],
    ['Total', formatMoney(before.total), formatMoney(after.total)],
  ];
  const head: Figure[] = [
    ['Days', daysOf(before), daysOf(after)],
    ['Ship to', shipToText(before.shipTo), shipToText(after.shipTo)],
  ];
  const credit: Figure[] =
    before.credit && after.credit
      ? [
          ['Credit exposure', formatMoney(before.credit.exposure), formatMoney(after.credit.exposure)],
          ['Credit headroom', formatMoney(before.credit.headroom), formatMoney(after.credit.headroom)],
        ]
      : [];
  return [...amounts, ...head.filter(([, was, is]) => was !== is), ...credit];
}

function FiguresTable({ figures }: { readonly figures: readonly Figure[] }) {
  return (
    <Table className="data-table table-frame" verticalSpacing="xs">
      <caption className="visually-hidden">The order now and with the change</caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">The order</Table.Th>
          <Table.Th scope="col" ta="right">
            Now
          </Table.Th>
          <Table.Th scope="col" ta="right">
            With the change
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {figures.map(([name, before, after]) => (
          <Table.Tr key={name}>
            <Table.Th scope="row">{name}</Table.Th>
            <Table.Td ta="right">{before}</Table.Td>
            <Table.Td ta="right" fw={before === after ? undefined : 650}>
              {after}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Words({ title, texts }: { readonly title: string; readonly texts: readonly string[] }) {
  if (texts.length === 0) return null;
  return (
    <div>
      <Text size="sm" fw={650}>
        {title}
      </Text>
      <List size="sm">
        {texts.map((text) => (
          <List.Item key={text}>{text}</List.Item>
        ))}
      </List>
    </div>
  );
}

/** What a change makes of an order: lines and amounts now and then, what it would wait for, and what is not done. */
export function ChangeEffect({ assessment }: { readonly assessment: ChangeAssessmentView }) {
  const pairs = pairsOf(assessment);
  const untouched = assessment.after.lines.length - pairs.length;
  const refused = [
    ...assessment.lines.filter((line) => line.text !== '').map((line) => line.text),
    ...assessment.head.filter((one) => one.text !== '').map((one) => one.text),
  ];
  return (
    <Stack gap="sm">
      <Words title="Not done as asked" texts={[...new Set(refused)]} />
      <Words
        title="It waits for an agreement; until then the order stands as it is"
        texts={assessment.holds.map(
          (hold) =>
            `${inWords(hold.type)}${hold.lineNumber === null ? '' : `, line ${hold.lineNumber}`}: ${hold.text}`,
        )}
      />
      <Words
        title="The warehouse has to give back first"
        texts={assessment.recalls.map((number) => `Shipment ${number}`)}
      />
      {pairs.length > 0 && <LinesTable pairs={pairs} currency={assessment.after.total.currency} />}
      {untouched > 0 && (
        <Text size="sm" className="soft">
          {untouched === 1 ? 'One other line stays as it is.' : `${untouched} other lines stay as they are.`}
        </Text>
      )}
      <FiguresTable figures={figuresOf(assessment)} />
    </Stack>
  );
}
