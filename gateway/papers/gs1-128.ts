import { raw } from 'bwip-js/node';

/** GS1-128 as bars: widths in modules, beginning with a bar, and how wide all of them are. */
export interface Bars {
  readonly widths: readonly number[];
  readonly modules: number;
}

/** Quiet zones left and right of the bars, in modules (GS1 General Specifications 5.4.3.3). */
export const QUIET_MODULES = 10;

/** @param elementString with its application identifiers in brackets: "(00)006141411234567890" */
export function gs1Bars(elementString: string): Bars {
  const [symbol] = raw({ bcid: 'gs1-128', text: elementString }) as readonly {
    readonly sbs?: readonly number[];
  }[];
  const widths = symbol?.sbs;
  if (!widths) throw new Error(`no GS1-128 symbol was made of "${elementString}"`);
  return { widths, modules: widths.reduce((sum, width) => sum + width, 0) };
}

interface Drawing {
  rect(x: number, y: number, width: number, height: number): unknown;
  fill(colour: string): unknown;
}

/**
 * Draws bars as rectangles, so that no printer has to scale a picture.
 * @param moduleWidth points (1/72 inch) of one module
 * @returns the width drawn, without quiet zones
 */
export function drawBars(
  page: Drawing,
  bars: Bars,
  at: { readonly x: number; readonly y: number; readonly height: number; readonly moduleWidth: number },
): number {
  let x = at.x;
  bars.widths.forEach((width, place) => {
    if (place % 2 === 0) page.rect(x, at.y, width * at.moduleWidth, at.height);
    x += width * at.moduleWidth;
  });
  page.fill('#000');
  return x - at.x;
}
