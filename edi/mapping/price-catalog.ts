import type {
  CatalogItem,
  CatalogPack,
  CatalogPrice,
  PriceCatalog,
} from '../../domain/pricing/price-catalog';
import type { TransactionSet } from '../x12/model';
import { contacts, dates, descriptions, productIds, references } from './document-parts';
import { decimal, id, must, text } from './element-codecs';
import { type Layout, loops, part, readLayout, writeLayout } from './layout';
import { ReadNode } from './layout-read';
import { renderSet } from './layout-write';
import type { Rendered, RenderingOptions } from './rendering';
import { parties } from './warehouse-parts';

const price: Layout<CatalogPrice> = {
  tradeClass: id('CTP', 1),
  kind: id('CTP', 2),
  price: decimal('CTP', 3),
  quantity: decimal('CTP', 4),
  unit: id('CTP', 5),
  multiplierQualifier: id('CTP', 6),
  multiplier: decimal('CTP', 7),
  basis: id('CTP', 9),
  dates,
};

const pack: Layout<CatalogPack> = {
  pack: decimal('PO4', 1),
  size: decimal('PO4', 2),
  sizeUnit: id('PO4', 3),
  packaging: id('PO4', 4),
  weightQualifier: id('PO4', 5),
  weight: decimal('PO4', 6),
  weightUnit: id('PO4', 7),
};

const item: Layout<CatalogItem> = {
  lineNumber: id('LIN', 1),
  productIds,
  descriptions,
  dates,
  references,
  pack: part('PO4', pack),
  prices: loops('CTP', price),
};

const layout: Layout<Omit<PriceCatalog, 'kind'>> = {
  catalogKind: must(id('BCT', 1)),
  number: id('BCT', 2),
  version: id('BCT', 3),
  revision: id('BCT', 4),
  description: text('BCT', 9),
  purpose: id('BCT', 10),
  dates,
  references,
  contacts,
  parties,
  items: loops('LIN', item),
  lineCount: id('CTT', 1),
};

/** 832: what a seller offers, at which prices. */
export function readPriceCatalog(set: TransactionSet): PriceCatalog {
  return { kind: 'price-catalog', ...readLayout(layout, new ReadNode(set.root, set.separators)) };
}

export function renderPriceCatalog(catalog: PriceCatalog, options: RenderingOptions): Rendered {
  return renderSet('832', options, (node) => writeLayout(layout, catalog, node));
}
