/**
 * Reads a PDF (standard input) as a scanner and a person would: per page the text, and every barcode found in its
 * picture at 300 dots an inch, with its size in inches; with --text no pictures are made. Prints JSON. In a process of its own: these readers are
 * modules with WebAssembly, which a test's sandbox does not load.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createCanvas } from '@napi-rs/canvas';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

const DOTS_PER_INCH = 300;
const require = createRequire(import.meta.url);
prepareZXingModule({
  overrides: { wasmBinary: readFileSync(require.resolve('zxing-wasm/reader/zxing_reader.wasm')).buffer },
});

const textOnly = process.argv.includes('--text');

async function scan(page) {
  const viewport = page.getViewport({ scale: DOTS_PER_INCH / 72 });
  const canvas = createCanvas(Math.ceil(viewport.width), Math.ceil(viewport.height));
  const context = canvas.getContext('2d');
  await page.render({ canvas, canvasContext: context, viewport }).promise;
  const picture = context.getImageData(0, 0, canvas.width, canvas.height);
  return readBarcodes(picture, { formats: ['Code128'], maxNumberOfSymbols: 8 });
}

const pdf = await getDocument({ data: new Uint8Array(readFileSync(0)), verbosity: 0 }).promise;
const pages = [];
for (let number = 1; number <= pdf.numPages; number++) {
  const page = await pdf.getPage(number);
  const { width, height } = page.getViewport({ scale: 1 });
  const found = textOnly ? [] : await scan(page);
  const content = await page.getTextContent();
  pages.push({
    inches: [width / 72, height / 72],
    text: content.items.map((item) => item.str).join(' '),
    barcodes: found.map(({ text, contentType, symbologyIdentifier, position }) => ({
      text,
      contentType,
      symbologyIdentifier,
      widthInches: (position.topRight.x - position.topLeft.x) / DOTS_PER_INCH,
      heightInches: (position.bottomLeft.y - position.topLeft.y) / DOTS_PER_INCH,
    })),
  });
}
console.log(JSON.stringify(pages));
